"""Conda files: what they ask for, in the shapes that are met in practice.

The usual one has ``channels`` and ``dependencies`` with a ``pip`` list in it. MLflow's ``python_env.yaml`` has
``python``, ``build_dependencies`` and pip requirements as ``dependencies``. ``-r file`` lines are read here.
"""

import re
from pathlib import Path

from mlc.diagnostics import Bag
from mlc.frontend.requirements import pip_lines
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Kind, Located, Mapping, Scalar, Sequence, describe
from mlc.frontend.yaml.shapes import Fields, expect_mapping
from mlc.ir.environment import CondaFile, Requirement

_KNOWN = ("name", "channels", "dependencies", "prefix", "variables", "platforms", "category")
_MLFLOW = ("python", "build_dependencies", "dependencies", "name")
_SPEC = re.compile(r"(?:[\w.\-/]+::)?([A-Za-z0-9_][\w.\-]*)\s*(?:\[.*\])?\s*(.*)", re.DOTALL)
_DANGLING = re.compile(r".*(?:==|[<>!~]=?|,|\|)", re.DOTALL)
_TOOLS = frozenset({"pip", "setuptools", "wheel"})


def load_conda_file(path: Path, bag: Bag, named: Scalar) -> CondaFile | None:
    """Read the conda file ``path``; ``named`` is the value that names it."""
    node = load_yaml(path, bag, named.span)
    return None if node is None else parse_conda(node, path.parent, bag)


def parse_conda(node: Located, base: Path, bag: Bag) -> CondaFile | None:
    """A conda file's content, from its file or inline. ``base``: the folder that ``-r file`` is relative to."""
    mapping = expect_mapping(node, "a conda file", bag, node.span)
    if mapping is None:
        return None
    if "build_dependencies" in mapping or "python" in mapping:
        return _python_env(Fields(mapping, "the Python environment file", bag), base)
    fields = Fields(mapping, "the conda file", bag)
    fields.unknown(_KNOWN)
    for key in ("prefix", "variables"):
        if mapping.get(key) is not None:
            bag.add("W103", mapping.key_span(key), f"'{key}' of the conda file has no effect in a container")
    conda, pip = _split(fields, base)
    python, rest = _take_python(conda, bag)
    return CondaFile(
        name=fields.text("name"),
        channels=tuple(item.text for item in _scalars(fields, "channels")),
        python=python,
        conda=tuple(item for item in rest if _package(item.text) not in _TOOLS),
        tools=tuple(item for item in rest if _package(item.text) in _TOOLS),
        pip=pip,
        span=mapping.span,
    )


def _python_env(fields: Fields, base: Path) -> CondaFile:
    """MLflow's shape: every dependency is pip's."""
    fields.unknown(_MLFLOW)
    pip: list[Requirement] = []
    for key in ("build_dependencies", "dependencies"):
        for item in _scalars(fields, key):
            pip.extend(pip_lines(item.text, item.span, base, fields.bag))
    return CondaFile(name=fields.text("name"), python=fields.text("python"), pip=tuple(pip), span=fields.mapping.span)


def _split(fields: Fields, base: Path) -> tuple[list[Requirement], tuple[Requirement, ...]]:
    """Conda's packages, and pip's."""
    conda: list[Requirement] = []
    pip: list[Requirement] = []
    dependencies = fields.sequence("dependencies")
    for item in dependencies.items if dependencies else ():
        match item:
            case Scalar(kind=Kind.STRING) if item.text.strip() and "\n" not in item.text:
                conda.extend(_conda_line(item, fields.bag))
            case Mapping() if set(item.entries) == {"pip"}:
                inner = Fields(item, "the conda file", fields.bag)
                for line in _scalars(inner, "pip"):
                    pip.extend(pip_lines(line.text, line.span, base, fields.bag))
            case _:
                what = f"A dependency must be a package or a 'pip:' list, not {_odd(item)}"
                fields.bag.add("E104", item.span, what, fix="Write '- package=1.2', or '- pip:' and a list below it")
    return conda, tuple(pip)


def _conda_line(item: Scalar, bag: Bag) -> tuple[Requirement, ...]:
    """One of conda's packages; what micromamba cannot read at all is reported here, at its line."""
    text = _without_comment(item.text)
    if _DANGLING.fullmatch(text):
        why = "It has no version behind the comparison"
        bag.add("E124", item.span, f"'{text}' is not a conda package", why=why, fix="Write it like 'numpy=1.26'")
        return ()
    return (Requirement(text=text, span=item.span),)


def _odd(item: Located) -> str:
    if isinstance(item, Mapping):
        return f"a mapping with '{next(iter(item.entries), '')}'"
    return describe(item)


def _scalars(fields: Fields, key: str) -> list[Scalar]:
    """The texts of a list; other items are reported."""
    found = []
    sequence: Sequence | None = fields.sequence(key)
    for item in sequence.items if sequence else ():
        if isinstance(item, Scalar) and item.kind is Kind.STRING:
            found.append(item)
        else:
            what = f"Each item of '{key}' must be text, not {describe(item)}"
            fields.bag.add("E104", item.span, what, fix="Write one requirement per item")
    return found


def _take_python(conda: list[Requirement], bag: Bag) -> tuple[str | None, list[Requirement]]:
    python: str | None = None
    rest = []
    for item in conda:
        if _package(item.text) != "python":
            rest.append(item)
            continue
        asked = python_version(item.text)
        if python is not None and asked is not None and asked != python:
            what = f"Python is asked for twice: {python} and {asked}"
            bag.add("E123", item.span, what, fix="Keep one of the lines")
        python = asked or python
    return python, rest


def python_version(spec: str) -> str | None:
    """The version in a conda match spec for python: ``3.8``, ``3.8.5``, a range as written, or None for any."""
    match = _SPEC.fullmatch(spec.strip())
    asked = re.sub(r"\s*([<>=!~,|]+)\s*", r"\1", match.group(2)).strip() if match else ""
    if re.match(r"[<>!~]|={0,2}[^<>!~=]*[,|]", asked):
        return asked.replace(" ", "")
    exact = asked.lstrip("=").replace("=", " ").split()
    version = exact[0] if exact else ""
    return version.removesuffix("*").removesuffix(".") or None


def _package(spec: str) -> str:
    match = _SPEC.match(spec.strip())
    return match.group(1).lower() if match else spec


def _without_comment(text: str) -> str:
    return re.sub(r"(^|\s)#.*", "", text).strip()
