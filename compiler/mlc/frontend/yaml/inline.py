"""Command jobs inside of a pipeline: their component is written into the node, its inputs' types are inferred.

A value's type is the input's type; an expression's is that of what it refers to (azureml.md A6).
"""

from collections.abc import Mapping as AbstractMapping
from dataclasses import replace

from mlc.frontend.yaml.bindings import output_binding
from mlc.frontend.yaml.command_component import build
from mlc.frontend.yaml.located import Entry, Mapping, Scalar
from mlc.frontend.yaml.ports import known_type
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.component import Component, InputPort, OutputPort
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    InputBinding,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    PipelineInputRef,
    PipelineNode,
    UnsupportedNode,
    Value,
)
from mlc.ir.types import PortType

_LONGEST_CHAIN = 20
"""An input can be bound to another node's input, and so on; so often at most."""


def inline_component(fields: Fields, name: str, outputs: tuple[OutputPort, ...], scope: Scope) -> Component:
    """The component of a command job ``fields``; the types of its inputs are only known at the end of the level."""
    return build(fields, name, inline_inputs(fields), outputs, scope)


def inline_inputs(fields: Fields) -> tuple[InputPort, ...]:
    """The inputs that a job names, as far as their types are declared there."""
    return tuple(
        InputPort(name=key, type=_declared(entry) or PortType.STRING, span=entry.span)
        for key, entry in fields.table("inputs") or ()
    )


def inline_outputs(
    table: Mapping | None, types: AbstractMapping[str, PortType | None], scope: Scope, what: str
) -> tuple[tuple[OutputPort, ...], tuple[OutputBinding, ...]]:
    """Ports and bindings of the outputs; without a type of their own they have that of the pipeline's output."""
    ports, bindings = [], []
    for name, entry in table or ():
        binding = output_binding(name, entry, scope, f"output '{name}' of {what}")
        if binding is None:
            ports.append(OutputPort(name=name, type=PortType.URI_FOLDER, broken=True, span=entry.span))
            continue
        promoted = (types.get(target) for target in binding.promoted_to)
        kind = binding.type or next((kind for kind in promoted if kind), PortType.URI_FOLDER)
        ports.append(OutputPort(name=name, type=kind, mode=binding.mode, span=entry.span))
        bindings.append(binding)
    return tuple(ports), tuple(bindings)


def _declared(entry: Entry) -> PortType | None:
    """The type that ``{type: ..., path: ...}`` names."""
    kind = entry.value.get("type") if isinstance(entry.value, Mapping) else None
    return known_type(kind.text.strip()) if isinstance(kind, Scalar) else None


def with_inferred_types(
    node: CommandNode, table: Mapping | None, ports: AbstractMapping[str, InputPort], nodes: AbstractMapping[str, Node]
) -> CommandNode:
    """The node with its component's inputs typed. ``ports``: the pipeline's inputs; ``nodes``: all of its level."""
    entries = table.entries if table else {}
    inferred = []
    for binding in node.inputs:
        kind, optional = _infer(binding.value, ports, nodes, 0)
        kind = _declared(entries[binding.name]) or kind
        mode = getattr(binding.value, "mode", None)
        inferred.append(InputPort(name=binding.name, type=kind, optional=optional, mode=mode, span=binding.span))
    return replace(node, component=replace(node.component, inputs=tuple(inferred)))


def _infer(
    value: Value, ports: AbstractMapping[str, InputPort], nodes: AbstractMapping[str, Node], depth: int
) -> tuple[PortType, bool]:
    """Type, and whether the value may be absent."""
    match value:
        case Literal() | Data():
            return value.type, False
        case PipelineInputRef():
            port = ports.get(value.name)
            return (port.type, port.optional) if port else (PortType.URI_FOLDER, False)
        case NodeOutputRef():
            return _output_type(nodes.get(value.node), value.output), False
        case NodeInputRef():
            binding = _input(nodes.get(value.node), value.input)
            if binding is None or depth > _LONGEST_CHAIN:
                return PortType.URI_FOLDER, False
            return _infer(binding.value, ports, nodes, depth + 1)
        case Joined():
            first = value.parts[0]
            kind = PortType.STRING if isinstance(first, Literal) else _infer(first, ports, nodes, depth)[0]
            return (_path_type(value) if kind.is_data else PortType.STRING), False


def _path_type(value: Joined) -> PortType:
    """Data and a path below it: a file if its last part looks like one."""
    last = value.parts[-1]
    text = last.text if isinstance(last, Literal) else ""
    return PortType.URI_FILE if "." in text.rsplit("/", 1)[-1].strip(".") else PortType.URI_FOLDER


def _input(node: Node | None, name: str) -> InputBinding | None:
    return next((binding for binding in node.inputs if binding.name == name), None) if node else None


def _output_type(node: Node | None, name: str) -> PortType:
    match node:
        case CommandNode():
            port = node.component.output(name)
            return port.type if port else PortType.URI_FOLDER
        case PipelineNode():
            found = next((output for output in node.pipeline.outputs if output.name == name), None)
            if found is None:
                return PortType.URI_FOLDER
            if found.type is not None:
                return found.type
            return _promoted_type(node, name)
        case UnsupportedNode():
            declared = next((port for port in node.output_ports if port.name == name), None)
            return declared.type if declared else PortType.URI_FOLDER
    return PortType.URI_FOLDER


def _promoted_type(node: PipelineNode, name: str) -> PortType:
    for inner in node.pipeline.nodes:
        for binding in inner.outputs:
            if name in binding.promoted_to:
                return _output_type(inner, binding.name)
    return PortType.URI_FOLDER
