"""Inputs: given if they are needed, known if they are given, and never possibly absent where they are needed."""

from mlc.ir.component import InputPort
from mlc.ir.pipeline import CommandNode, InputBinding, Node, Pipeline, PipelineInputRef, PipelineNode, UnsupportedNode
from mlc.passes.check_references import parts
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest
from mlc.passes.value_types import Ports


def check_inputs(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report inputs that are missing or unknown, and optional pipeline inputs that a required input depends on."""
    check = _Check(context)
    for item in pipeline.inputs:
        missing = item.value is None and is_required(item.port)
        if missing and item.port.name in check.used(pipeline):
            span = item.span if item.span.line else pipeline.span
            what = f"The input {item.port.name!r} of the pipeline {pipeline.name!r} has no value"
            fix = f"Pass {item.port.name}=... where the pipeline is called, or give it a default"
            context.bag.add("E313", span, what, why="It is required, and jobs use it", fix=fix)
    for level in levels(pipeline):
        check.level(level)
    return pipeline


def is_required(port: InputPort) -> bool:
    """Whether nothing replaces a value that is not given; who knows of a port whose declaration is broken."""
    return not port.optional and port.default is None and not port.broken


class _Check:
    def __init__(self, context: Context) -> None:
        self._bag = context.bag
        self._ports = Ports()
        self._used: dict[int, set[str]] = {}

    def used(self, pipeline: Pipeline) -> set[str]:
        """The inputs of a pipeline that some job of it needs. What an unknown component needs, nobody knows.

        An optional input of a job needs none: as in the reference, the pipeline's own is optional then.
        """
        if id(pipeline) not in self._used:
            known = [node for node in pipeline.nodes if not isinstance(node, UnsupportedNode) or node.type]
            pairs = ((node, binding) for node in known for binding in node.inputs)
            refs = ((pair, part) for pair in pairs for part in parts(pair[1].value))
            self._used[id(pipeline)] = {
                part.name for pair, part in refs if isinstance(part, PipelineInputRef) and self._needs(*pair)
            }
        return self._used[id(pipeline)]

    def _needs(self, node: Node, binding: InputBinding) -> bool:
        """Whether a job cannot do without the value of a binding."""
        port = self._ports.of(node).get(binding.name)
        if port is None or not isinstance(binding.value, PipelineInputRef):
            return True
        if isinstance(node, PipelineNode) and is_required(port):
            return port.name in self.used(node.pipeline)
        return not port.optional

    def level(self, level: Pipeline) -> None:
        """Every job of one pipeline."""
        may_miss = {item.port.name for item in level.inputs if item.port.optional and item.port.default is None}
        for node in level.nodes:
            if isinstance(node, UnsupportedNode):
                continue
            ports = self._ports.of(node)
            given = {binding.name for binding in node.inputs}
            if isinstance(node, CommandNode) and node.sweep is not None:
                given.update(parameter.name for parameter in node.sweep.parameters)
            if not given.issuperset(ports):
                self._missing(node, [port for name, port in ports.items() if name not in given])
            for binding in node.inputs:
                if binding.name not in ports:
                    self._unknown(node, binding, ports)
                elif may_miss and is_required(ports[binding.name]):
                    self._optional(node, binding, may_miss)

    def _missing(self, node: CommandNode | PipelineNode, ports: list[InputPort]) -> None:
        for port in ports:
            if not is_required(port) or (isinstance(node, PipelineNode) and port.name not in self.used(node.pipeline)):
                continue
            what = f"Job {node.name!r} gets no input {port.name!r}"
            why = f"{_owner(node)} requires it ({port.type})"
            fix = f"Bind {port.name!r}, or declare it optional or with a default"
            self._bag.add("E313", node.span, what, why=why, fix=fix)

    def _unknown(self, node: CommandNode | PipelineNode, binding: InputBinding, ports: dict[str, InputPort]) -> None:
        what = f"{_owner(node)} has no input {binding.name!r}"
        why = f"Job {node.name!r} gives it one"
        self._bag.add("E314", binding.span, what, why=why, fix=nearest(binding.name, ports, "inputs"))

    def _optional(self, node: Node, binding: InputBinding, may_miss: set[str]) -> None:
        for part in parts(binding.value):
            if isinstance(part, PipelineInputRef) and part.name in may_miss:
                what = f"The optional pipeline input {part.name!r} is bound to the required input {binding.name!r}"
                why = f"Job {node.name!r} could not run without it"
                fix = f"Give {part.name!r} a default, or declare {binding.name!r} optional"
                self._bag.add("E321", binding.span, what, why=why, fix=fix)


def _owner(node: CommandNode | PipelineNode) -> str:
    if isinstance(node, CommandNode):
        return f"The component {node.component.name!r}"
    return f"The pipeline {node.pipeline.name!r}"
