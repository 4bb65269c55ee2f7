"""``jobs:`` of a pipeline, one node after another (azureml.md A6)."""

from collections.abc import Iterable
from dataclasses import field, replace

from mlc.diagnostics import Bag
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.bindings import input_binding, output_binding
from mlc.frontend.yaml.inline import inline_component, inline_inputs, inline_outputs, with_inferred_types
from mlc.frontend.yaml.located import Entry, Mapping, describe
from mlc.frontend.yaml.scope import Foreign, Resolved, Scope
from mlc.frontend.yaml.settings import compute_name, distribution, resources, timeout
from mlc.frontend.yaml.shapes import Fields, capital
from mlc.frontend.yaml.tables import COMPONENT_NODE, INLINE_NODE, check
from mlc.ir.component import Component, InputPort
from mlc.ir.environment import ImageEnvironment
from mlc.ir.pipeline import (
    BROKEN_NODE,
    CommandNode,
    InputBinding,
    Node,
    NodeOutputRef,
    OutputBinding,
    Pipeline,
    PipelineNode,
    UnsupportedNode,
    Value,
)
from mlc.ir.types import PortType
from mlc.records import dataclass

_RUN = ("command", "pipeline", "sweep", "parallel")
_FOREIGN = (
    *("spark", "automl", "import", "data_transfer", "flow", "if_else", "do_while"),
    "parallel_for",
)
_SHARED = (
    *("type", "inputs", "outputs", "compute", "resources", "distribution", "limits", "environment_variables"),
    *("identity", "services", "queue_settings", "display_name", "description", "tags", "name", "comment"),
    *("properties", "is_deterministic", "version", "experiment_name"),
)
_OWN = ("command", "code", "environment", "additional_includes")
_INLINE_ONLY = "Azure ML takes nothing more in a job with a command of its own"
_COMPONENT = tuple(COMPONENT_NODE)
_NOTHING = Component(name="", command=(), environment=ImageEnvironment(image=""))
"""In the place of a component that cannot be read, while the rest of its node is."""


@dataclass(slots=True)
class Level:
    """One pipeline while its nodes are read: its own inputs and outputs, and the nodes so far."""

    inputs: dict[str, InputPort]
    outputs: dict[str, PortType | None]
    nodes: dict[str, Node] = field(default_factory=dict)
    inline: dict[str, Mapping | None] = field(default_factory=dict)
    """``inputs:`` of command jobs whose types are still to be inferred."""


def read_nodes(jobs: Mapping | None, level: Level, scope: Scope) -> tuple[Node, ...]:
    """All nodes in the author's order. One that cannot be read stays as an :class:`UnsupportedNode` of no type."""
    for name, entry in jobs or ():
        level.nodes[name] = _node(name, entry, level, scope)
    for name, table in level.inline.items():
        node = level.nodes[name]
        if isinstance(node, CommandNode):
            level.nodes[name] = with_inferred_types(node, table, level.inputs, level.nodes)
    if any(_is_broken(binding.value) for node in level.nodes.values() for binding in node.inputs):
        level.nodes.setdefault(BROKEN_NODE, UnsupportedNode(name=BROKEN_NODE, type=""))
    return tuple(level.nodes.values())


def _is_broken(value: Value) -> bool:
    return isinstance(value, NodeOutputRef) and value.node == BROKEN_NODE


def _node(name: str, entry: Entry, level: Level, scope: Scope) -> Node:
    if not isinstance(entry.value, Mapping):
        span = entry.value.span if entry.value.span.line else entry.span
        what = f"Job '{name}' must be a mapping, not {describe(entry.value)}"
        scope.bag.add("E104", span, what, fix="Write 'component:' or 'command:' below it")
        return UnsupportedNode(name=name, type="", span=entry.span)
    fields = Fields(entry.value, f"job '{name}'", scope.bag)
    kind = _kind(fields)
    if kind is None or kind in _FOREIGN:
        return _unsupported(name, kind or "", fields, entry, scope)
    if kind == "sweep":
        return _sweep_node(name, fields, entry, scope)
    if kind == "pipeline" or "component" in fields.mapping:
        return _component_node(name, fields, entry, scope)
    if kind == "parallel":
        return _parallel_node(name, fields, entry, level, scope)
    return _inline_node(name, fields, entry, level, scope)


def _kind(fields: Fields) -> str | None:
    if "type" not in fields.mapping:
        return "command"
    node = fields.required("type")
    if node is None:
        return None
    word = node.text.strip()
    if word in _RUN or word in _FOREIGN:
        return word
    what = f"'{word}', the type of {fields.what}, is not a kind of job"
    fields.bag.add("E112", node.span, what, fix=did_you_mean(word, [*_RUN, *_FOREIGN]))
    return "command" if "component" in fields.mapping or "command" in fields.mapping else None


def _unsupported(name: str, kind: str, fields: Fields, entry: Entry, scope: Scope) -> UnsupportedNode:
    """Kept with its bindings. A kind that is refused has fields of its own: it is read without complaints."""
    if kind:
        scope = replace(scope, bag=Bag())
        fields = Fields(fields.mapping, fields.what, scope.bag)
    node = _finish(name, fields, entry, _NOTHING, (_inputs(fields, None, scope), _outputs(fields, scope)))
    inputs = tuple(binding for binding in node.inputs if not _is_broken(binding.value))
    return UnsupportedNode(name=name, type=kind, inputs=inputs, outputs=node.outputs, span=entry.span)


def _component_node(name: str, fields: Fields, entry: Entry, scope: Scope) -> Node:
    reference = fields.mapping.get("component")
    if reference is None:
        if "jobs" in fields.mapping:
            what = f"{capital(fields.what)} holds a pipeline of its own"
            why = "A nested pipeline is a component"
            fix = "Move the jobs into a file with 'type: pipeline', and name it with 'component:'"
            scope.bag.add("E110", fields.mapping.key_span("jobs"), what, why=why, fix=fix)
        else:
            fields.missing("component", "Add 'component:' with a file")
        return _unsupported(name, "", fields, entry, scope)
    if "jobs" in fields.mapping:
        what = f"{capital(fields.what)} has a component and jobs of its own"
        scope.bag.add("E123", fields.mapping.key_span("jobs"), what, fix="Remove one of them")
    resolved = scope.resolve(reference, scope)
    _check_kind(fields, resolved)
    match resolved:
        case None:
            return _unsupported(name, "", fields, entry, scope)
        case Foreign():
            node = _unsupported(name, resolved.type, fields, entry, scope)
            return replace(node, output_ports=resolved.outputs)
        case Component():
            return _command_node(name, fields, entry, resolved, scope)
        case Pipeline():
            return _pipeline_node(name, fields, entry, resolved, scope)


def _check_kind(fields: Fields, resolved: Resolved | None) -> None:
    """Report a node that says another type than its component has."""
    declared = fields.scalar("type")
    match resolved:
        case Pipeline():
            kind = "pipeline"
        case Component():
            kind = "command" if resolved.parallel is None else "parallel"
        case _:
            return
    if declared is not None and declared.text.strip() in _RUN and declared.text.strip() != kind:
        what = f"The type of {fields.what} is '{declared.text.strip()}', but its component is a {kind}"
        fields.bag.add("E112", declared.span, what, fix=f"Write 'type: {kind}', or name another component")


def _sweep_node(name: str, fields: Fields, entry: Entry, scope: Scope) -> Node:
    """A node whose trial is a command component; what it searches over is not bound."""
    from mlc.frontend.yaml.sweeps import FIELDS, read_sweep

    fields.unknown((*_SHARED, *FIELDS))
    sweep = read_sweep(fields)
    reference = fields.mapping.get("trial")
    component = None if reference is None else scope.resolve(reference, replace(scope, trial=True))
    if not isinstance(component, Component) or component.parallel is not None:
        if reference is None:
            fields.missing("trial", "Add 'trial:' with a component's file")
        elif component is not None:
            what = f"The trial of {fields.what} is no command component"
            scope.bag.add("E112", reference.span, what, fix="Name a file with 'type: command'")
        return _unsupported(name, "", fields, entry, scope)
    bindings = _inputs(fields, component, scope), _outputs(fields, scope)
    return replace(_finish(name, fields, entry, component, bindings), sweep=sweep)


def _parallel_node(name: str, fields: Fields, entry: Entry, level: Level, scope: Scope) -> Node:
    """A node with a task of its own; the types of its inputs are inferred as for a command."""
    from mlc.frontend.yaml.parallel import FIELDS, build_parallel

    fields.unknown((*_SHARED, *FIELDS))
    ports, outputs = inline_outputs(fields.table("outputs"), level.outputs, scope, fields.what)
    component = build_parallel(fields, name, inline_inputs(fields), ports, scope)
    if component is None:
        return _unsupported(name, "", fields, entry, scope)
    level.inline[name] = fields.table("inputs")
    return _finish(name, fields, entry, component, (_inputs(fields, None, scope), outputs))


def _command_node(name: str, fields: Fields, entry: Entry, component: Component, scope: Scope) -> CommandNode:
    if component.parallel is not None:
        from mlc.frontend.yaml.parallel import FIELDS, with_settings

        fields.unknown((*_COMPONENT, *FIELDS))
        component = with_settings(component, fields, scope)
    else:
        check(fields, COMPONENT_NODE)
    if fields.mapping.get("environment") is not None:
        what = f"'environment' of {fields.what} has no effect"
        why = "The component's own environment is used"
        span = fields.mapping.key_span("environment")
        scope.bag.add("W103", span, what, why=why, fix="Change it in the component")
    deterministic = fields.flag("is_deterministic")
    if deterministic is not None and deterministic != component.is_deterministic:
        component = replace(component, is_deterministic=deterministic)
    outputs = _outputs(fields, scope)
    return _finish(name, fields, entry, component, (_inputs(fields, component, scope), outputs))


def _inline_node(name: str, fields: Fields, entry: Entry, level: Level, scope: Scope) -> Node:
    if not any(key in fields.mapping for key in _OWN):
        what = f"{capital(fields.what)} has neither a component nor a command"
        scope.bag.add("E110", entry.span, what, fix="Add 'component:' with a file, or 'command:'")
        return _unsupported(name, "", fields, entry, scope)
    check(fields, INLINE_NODE, "E111", _INLINE_ONLY)
    ports, outputs = inline_outputs(fields.table("outputs"), level.outputs, scope, fields.what)
    component = inline_component(fields, name, ports, scope)
    level.inline[name] = fields.table("inputs")
    return _finish(name, fields, entry, component, (_inputs(fields, None, scope), outputs))


def _finish(
    name: str,
    fields: Fields,
    entry: Entry,
    component: Component,
    bindings: tuple[tuple[InputBinding, ...], tuple[OutputBinding, ...]],
) -> CommandNode:
    """A command node with what the node itself says."""
    return CommandNode(
        name=name,
        component=component,
        inputs=bindings[0],
        outputs=bindings[1],
        compute=compute_name(fields),
        resources=resources(fields),
        distribution=distribution(fields),
        environment_variables=fields.pairs("environment_variables"),
        services=tuple(name for name, _ in fields.table("services") or ()),
        timeout=None if "trial" in fields.mapping else timeout(fields),
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        tags=fields.pairs("tags"),
        span=entry.span,
    )


def _pipeline_node(name: str, fields: Fields, entry: Entry, pipeline: Pipeline, scope: Scope) -> PipelineNode:
    check(fields, COMPONENT_NODE)
    for key in ("compute", "settings"):
        if fields.mapping.get(key) is not None:
            what = f"'{key}' of {fields.what} has no effect"
            why = "A nested pipeline runs with the settings of the outermost one"
            scope.bag.add("W103", fields.mapping.key_span(key), what, why=why, fix="Remove it")
    inputs = _known_inputs(_inputs(fields, pipeline, scope), fields, pipeline)
    return PipelineNode(name=name, pipeline=pipeline, inputs=inputs, outputs=_outputs(fields, scope), span=entry.span)


def _known_inputs(given: tuple[InputBinding, ...], fields: Fields, pipeline: Pipeline) -> tuple[InputBinding, ...]:
    """Without those that the nested pipeline does not have: the reference leaves them out, too."""
    known = [item.port.name for item in pipeline.inputs]
    for binding in given:
        if binding.name not in known:
            what = f"Input '{binding.name}' of {fields.what} has no effect"
            why = f"The pipeline '{pipeline.name}' has no such input"
            fields.bag.add("W103", binding.span, what, why=why, fix=did_you_mean(binding.name, known) or "Remove it")
    return tuple(binding for binding in given if binding.name in known)


def _inputs(fields: Fields, owner: Resolved | None, scope: Scope) -> tuple[InputBinding, ...]:
    types = _input_types(owner)
    return tuple(
        input_binding(name, entry, types.get(name), scope, f"input '{name}' of {fields.what}")
        for name, entry in fields.table("inputs") or ()
    )


def _input_types(owner: Resolved | None) -> dict[str, PortType]:
    match owner:
        case Pipeline():
            return _types(item.port for item in owner.inputs)
        case Component() | Foreign():
            return _types(owner.inputs)
    return {}


def _types(ports: Iterable[InputPort]) -> dict[str, PortType]:
    return {port.name: port.type for port in ports if not port.broken}


def _outputs(fields: Fields, scope: Scope) -> tuple[OutputBinding, ...]:
    found = (
        output_binding(name, entry, scope, f"output '{name}' of {fields.what}")
        for name, entry in fields.table("outputs") or ()
    )
    return tuple(binding for binding in found if binding is not None)
