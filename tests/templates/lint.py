"""Holds templates to the rule that they loop and place but do not decide: ``python -m tests.templates.lint``.

Every ``templates/**/*.j2`` is parsed by Jinja2 itself. Partials (``_x.j2``) are looked at where they are included.
"""

import pkgutil
import sys
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

from jinja2 import meta, nodes

import mlc.backends
from mlc.render import jinja

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DECISIONS = (
    nodes.Assign,
    nodes.AssignBlock,
    nodes.BinExpr,
    nodes.Call,
    nodes.CallBlock,
    nodes.Compare,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Macro,
)
LONGEST = 100


def contexts() -> dict[str, type]:
    """The context class of each template, found in the modules of the back ends."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(mlc.backends.__path__, "mlc.backends."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and is_dataclass(value) and hasattr(value, "TEMPLATE"):
                found[value.TEMPLATE] = value
    return found


def problems(name: str, source: str, context: type | None) -> Iterator[str]:
    """What is wrong with the template ``name`` (a path below templates/); ``context`` None: nobody renders it."""
    tree = jinja().parse(source)
    for node in tree.find_all(DECISIONS):
        yield f"{name}:{node.lineno}: a template does not decide ({type(node).__name__}); prepare it in the context"
    if (length := len(source.splitlines())) > LONGEST:
        yield f"{name}: {length} lines, more than {LONGEST}"
    if Path(name).name.startswith("_"):
        return
    if context is None:
        yield f"{name}: no context class has TEMPLATE = {name!r}"
        return
    trees = [tree, *_included(tree)]
    yield from _unused(name, trees, context)


def _included(tree: nodes.Template) -> Iterator[nodes.Template]:
    for name in meta.find_referenced_templates(tree):
        if name is not None:
            part = jinja().parse((TEMPLATES / name).read_text(encoding="utf-8"))
            yield part
            yield from _included(part)


def _unused(name: str, trees: list[nodes.Template], context: type) -> Iterator[str]:
    used = {node.name for tree in trees for node in tree.find_all(nodes.Name)}
    attributes = {node.attr for tree in trees for node in tree.find_all(nodes.Getattr)}
    for field in fields(context):
        if field.name not in used:
            yield f"{name}: never uses {context.__name__}.{field.name}"
    for inner in _inner(context, {context}):
        for field in fields(inner):
            if field.name not in attributes | used:
                yield f"{name}: never uses {inner.__name__}.{field.name}"


def _inner(context: type, seen: set[type]) -> Iterator[type]:
    """The dataclasses that the fields of ``context`` hold, at any depth."""
    for hint in typing.get_type_hints(context).values():
        for part in _parts(hint):
            if is_dataclass(part) and part not in seen and part.__module__ == context.__module__:
                seen.add(part)
                yield part
                yield from _inner(part, seen)


def _parts(hint: object) -> Iterator[type]:
    arguments = typing.get_args(hint)
    if isinstance(hint, type) and not arguments:
        yield hint
    for argument in arguments:
        yield from _parts(argument)


def check() -> list[str]:
    """All problems of all templates; a context without a template is one too."""
    known = contexts()
    found: list[str] = []
    names = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.j2")}
    for name in sorted(names):
        found += problems(name, (TEMPLATES / name).read_text(encoding="utf-8"), known.get(name))
    found += [f"{name}: there is no such template ({known[name].__name__})" for name in sorted(set(known) - names)]
    return found


if __name__ == "__main__":
    complaints = check()
    print("\n".join(complaints) or "templates: clean")
    sys.exit(bool(complaints))
