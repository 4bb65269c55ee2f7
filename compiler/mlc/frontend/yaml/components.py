"""Components: from a file, from a dict in a node, or by name; of every kind, of which two are run.

The public entrance is :func:`load_component_file`. Everything below nodes comes here again through ``Scope.resolve``.
"""

import re
from dataclasses import replace
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.command_component import command_component
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Kind, Located, Mapping, Scalar, describe
from mlc.frontend.yaml.ports import input_ports, output_ports
from mlc.frontend.yaml.scope import Foreign, Resolved, Scope, local_path
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.asset import AssetKind, AssetName, Names, NoNames, is_reference, parse_reference

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = ("command", "pipeline", "parallel", "spark", "automl", "import", "data_transfer", "flow", "sweep")
_DEEPEST = 50
"""Levels of nested pipelines."""


def load_component_file(
    path: Path, bag: Bag, *, anonymous: bool, names: Names | None = None, span: Span | None = None
) -> Resolved | None:
    """The component of a YAML file, read once per run. None: the bag says why.

    ``anonymous``: referenced by its path, so that its name may be any. ``names`` finds components by name.
    ``span``: the place that names the file. A kind of component that mlc refuses comes back as :class:`Foreign`.
    """
    path = local_path(str(path), Path.cwd())
    scope = Scope(file=path, base=path.parent, bag=bag, names=names or NoNames(), resolve=resolve)
    return _from_file(path, scope, anonymous, span)


def parse_component(node: Located, base: Path, bag: Bag, *, name: str, names: Names | None = None) -> Resolved | None:
    """A component from a dict (see ``located.from_python``); ``name`` where it has none; paths relative to ``base``."""
    scope = Scope(file=base / name, base=base, bag=bag, names=names or NoNames(), resolve=resolve)
    return _read(node, name, scope)


def resolve(node: Located, scope: Scope) -> Resolved | None:
    """What a node's ``component:`` stands for: a dict, a path, a name. None: the bag says why."""
    match node:
        case Mapping():
            return _read(node, "component", scope)
        case Scalar(kind=Kind.STRING):
            return _by_reference(node, scope)
    fix = "Write a path, 'azureml:NAME', or the component itself"
    scope.bag.add("E104", node.span, f"'component' must be text or a mapping, not {describe(node)}", fix=fix)
    return None


def _by_reference(node: Scalar, scope: Scope) -> Resolved | None:
    text = node.text.strip()
    if not is_reference(text):
        return _from_file(local_path(text, scope.base), scope, anonymous=True, span=node.span)
    wanted = parse_reference(text, AssetKind.COMPONENT, node.span)
    if not isinstance(wanted, AssetName) or wanted.kind is not AssetKind.COMPONENT:
        fix = "Write 'azureml:NAME', 'azureml:NAME:VERSION' or 'azureml:NAME@latest'"
        # A pipeline that ran in a workspace can be taken for a component there.
        code, why = ("E501", "Only its workspace knows it") if "/jobs/" in text else ("E122", "")
        scope.bag.add(code, node.span, f"'{text}' is not the name of a component", why=why, fix=fix)
        return None
    found = scope.names.component(wanted)
    if found is None:
        scope.names.miss(wanted)
    return _from_file(found, scope, anonymous=True, span=node.span) if isinstance(found, Path) else found


def _from_file(path: Path, scope: Scope, anonymous: bool, span: Span | None) -> Resolved | None:
    place = span or Span(str(path))
    if str(path) in scope.opened:
        chain = " -> ".join(Path(step).name for step in (*scope.opened[scope.opened.index(str(path)) :], str(path)))
        scope.bag.add("E119", place, f"The component contains itself: {chain}", fix="Take one of the references out")
        return None
    key = ("component", str(path), anonymous, scope.trial)
    if key not in scope.bag.memo:
        node = load_yaml(path, scope.bag, place)
        inner = replace(scope, file=path, base=path.parent, opened=(*scope.opened, str(path)))
        if node is not None and not anonymous and not _is_flow(node):
            _check_name(node, scope.bag)
        scope.bag.memo[key] = None if node is None else _read(node, path.stem, inner)
    found: Resolved | None = scope.bag.memo[key]
    return found


def _check_name(node: Located, bag: Bag) -> None:
    """The rule for components that are registered or used by name."""
    if not isinstance(node, Mapping):
        return
    fields = Fields(node, "the component", bag)
    fields.texts("tags", null=False)
    if "version" in node and node.get("version") is None:
        what = "'version' of the component is empty"
        bag.add("E110", node.key_span("version"), what, fix="Write one, or remove the line")
    name = node.get("name")
    if name is None:
        Fields(node, "the component", bag).missing("name")
    elif isinstance(name, Scalar) and not _NAME.fullmatch(name.text):
        why = "A component's name has lower-case letters, digits and underscores, and starts with a letter"
        near = re.sub(r"[^a-z0-9_]+", "_", name.text.lower()).strip("_") or "component"
        near = near if near[0].isalpha() else f"c_{near}"
        bag.add("E114", name.span, f"'{name.text}' cannot be the name of a component", why=why, fix=f"Write '{near}'")


def _read(node: Located, name: str, scope: Scope) -> Resolved | None:
    if not isinstance(node, Mapping):
        scope.bag.add("E104", node.span, f"A component must be a mapping, not {describe(node)}", fix="Write 'command:'")
        return None
    fields = Fields(node, "the component", scope.bag)
    name = fields.text("name") or name
    fields = Fields(node, f"component '{name}'", scope.bag)
    kind = _kind(fields)
    match kind:
        case "command":
            return command_component(fields, name, scope)
        case "pipeline":
            if scope.depth >= _DEEPEST:
                what = f"Pipelines are nested more than {_DEEPEST} levels deep"
                scope.bag.add("E119", node.span, what, fix="Flatten them")
                return None
            from mlc.frontend.yaml.pipelines import pipeline_component

            return pipeline_component(fields, name, replace(scope, depth=scope.depth + 1))
        case "parallel":
            from mlc.frontend.yaml.parallel import parallel_component

            return parallel_component(fields, name, scope)
        case None:
            return None
    return _foreign(fields, kind, name)


def _kind(fields: Fields) -> str | None:
    """The word of ``type:``; without one a component is a command, unless it is plainly something else."""
    node = fields.scalar("type")
    if node is None:
        if _is_flow(fields.mapping):
            return "flow"
        if "jobs" in fields.mapping and "command" not in fields.mapping:
            what = f"{fields.what} has jobs but no type"
            fields.bag.add("E110", fields.mapping.key_span("jobs"), f"C{what[1:]}", fix="Add 'type: pipeline'")
            return "pipeline"
        return "command"
    word = node.text.strip()
    if word in _KINDS or word.startswith(("data_transfer_", "import_")):
        return word
    what = f"'{word}' is not a kind of component"
    fields.bag.add("E112", node.span, what, fix=did_you_mean(word, ["command", "pipeline"]))
    return next((kind for key, kind in (("command", "command"), ("jobs", "pipeline")) if key in fields.mapping), None)


def _is_flow(node: Located) -> bool:
    """Whether it is a prompt flow, or a run of one: files of another product, with no type and maybe no name."""
    schema = node.get("$schema") if isinstance(node, Mapping) and "type" not in node else None
    return isinstance(schema, Scalar) and any(word in schema.text.lower() for word in ("/promptflow/", "/flow."))


def _foreign(fields: Fields, kind: str, name: str) -> Foreign:
    """Its ports only, without complaints: the component is refused anyway. What a flow takes is not in its file."""
    if kind == "flow":
        return Foreign(type=kind, name=name, span=fields.mapping.span)
    quiet = Bag()
    inner = Fields(fields.mapping, fields.what, quiet)
    inputs = input_ports(inner.table("inputs"), quiet)
    outputs = output_ports(inner.table("outputs"), quiet)
    return Foreign(type=kind, name=name, inputs=inputs, outputs=outputs, span=fields.mapping.span)
