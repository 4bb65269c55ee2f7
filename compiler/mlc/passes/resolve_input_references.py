"""``${{parent.jobs.J.inputs.I}}`` is replaced by what that input is bound to; afterwards no such reference is left."""

from dataclasses import replace

from mlc.ir.pipeline import (
    Data,
    InputBinding,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    Pipeline,
    PipelineInputRef,
    Value,
)
from mlc.passes.context import Context
from mlc.passes.levels import rewrite
from mlc.passes.value_types import Ports


def resolve_input_references(pipeline: Pipeline, context: Context) -> Pipeline:
    """Follow references from input to input; report those that end where they started. Unknown ones stay."""
    return rewrite(pipeline, lambda level: _level(level, context))


def _level(level: Pipeline, context: Context) -> Pipeline:
    if not any(_refers(binding.value) for node in level.nodes for binding in node.inputs):
        return level
    resolver = _Resolver(level, context)
    return replace(level, nodes=tuple(map(resolver.node, level.nodes)))


def _refers(value: Value) -> bool:
    if isinstance(value, Joined):
        return any(isinstance(part, NodeInputRef) for part in value.parts)
    return isinstance(value, NodeInputRef)


class _Resolver:
    """Follows references within one level; ``trail`` is the way so far."""

    def __init__(self, level: Pipeline, context: Context) -> None:
        self._nodes = {node.name: node for node in level.nodes}
        self._context = context
        self._ports = Ports()

    def node(self, node: Node) -> Node:
        """The node with every reference in its inputs replaced; what refers to nothing given is not given either."""
        if not any(_refers(binding.value) for binding in node.inputs):
            return node
        bindings = []
        for binding in node.inputs:
            value = self._value(binding.value, binding, ((node.name, binding.name),))
            if value is not None:
                bindings.append(replace(binding, value=value))
        return replace(node, inputs=tuple(bindings))

    def _value(self, value: Value, binding: InputBinding, trail: tuple[tuple[str, str], ...]) -> Value | None:
        match value:
            case NodeInputRef():
                return self._follow(value, binding, trail)
            case Joined():
                return self._joined(value, binding, trail)
            case _:
                return value

    def _follow(self, ref: NodeInputRef, binding: InputBinding, trail: tuple[tuple[str, str], ...]) -> Value | None:
        here = (ref.node, ref.input)
        if here in trail:
            way = " -> ".join(f"{node}.inputs.{name}" for node, name in (*trail[trail.index(here) :], here))
            what = f"The input {binding.name!r} refers to itself: {way}"
            self._context.bag.add("E306", ref.span if ref.span.line else binding.span, what)
            return ref
        node = self._nodes.get(ref.node)
        if node is None:
            return ref
        bound = next((item for item in node.inputs if item.name == ref.input), None)
        if bound is not None:
            found = self._value(bound.value, binding, (*trail, here))
            return None if found is None else _with_mode(found, ref)
        port = self._ports.of(node).get(ref.input)
        if port is None:
            return ref
        return None if port.default is None else Literal(text=port.default, type=port.type, span=ref.span)

    def _joined(self, value: Joined, binding: InputBinding, trail: tuple[tuple[str, str], ...]) -> Value:
        pieces: list[Literal | PipelineInputRef | NodeOutputRef | NodeInputRef] = []
        for part in value.parts:
            found = self._follow(part, binding, trail) if isinstance(part, NodeInputRef) else part
            match found:
                case None:
                    pass
                case Joined():
                    pieces += found.parts
                case Data() if len(value.parts) > 1 and found.local is None:
                    pieces.append(Literal(text=found.uri, span=found.span))
                case Data():
                    return self._below(found, value, binding)
                case _:
                    pieces.append(found)
        return replace(value, parts=tuple(pieces))

    def _below(self, data: Data, value: Joined, binding: InputBinding) -> Value:
        """Local data and text behind it: a path below that data."""
        if any(isinstance(part, PipelineInputRef | NodeOutputRef) for part in value.parts):
            what = f"The path of the input {binding.name!r} is put together below data that another job names itself"
            span = value.span if value.span.line else binding.span
            fix = "Make the data an input of the pipeline, and bind both jobs to it"
            self._context.bag.add("E330", span, what, why="Values can stand only below what has a name", fix=fix)
        rest = "".join(part.text for part in value.parts if isinstance(part, Literal))
        return replace(data, uri=data.uri + rest, local=f"{data.local}{rest}", span=value.span)


def _with_mode(value: Value, ref: NodeInputRef) -> Value:
    if ref.mode is None or isinstance(value, Literal | Joined):
        return value
    return replace(value, mode=ref.mode)
