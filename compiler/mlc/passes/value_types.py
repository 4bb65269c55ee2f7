"""What type a bound value has: looked up through nested pipelines, each of which is looked at once."""

from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    Pipeline,
    PipelineInputRef,
    PipelineNode,
    UnsupportedNode,
    Value,
)
from mlc.ir.types import PortType


class OutputTypes:
    """Types of nodes' outputs; remembers what it has worked out about each pipeline."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, PortType | None]] = {}

    def of(self, node: Node, output: str) -> PortType | None:
        """The type of an output; None: not known, or there is no such output."""
        chosen = next((binding.type for binding in node.outputs if binding.name == output), None)
        if chosen is not None:
            return chosen
        match node:
            case CommandNode():
                port = node.component.output(output)
                return None if port is None or port.broken else port.type
            case PipelineNode():
                return self._pipeline(node.pipeline).get(output)
            case UnsupportedNode():
                return next((port.type for port in node.output_ports if port.name == output and not port.broken), None)

    def _pipeline(self, pipeline: Pipeline) -> dict[str, PortType | None]:
        known = self._known.get(id(pipeline))
        if known is None:
            known = {output.name: output.type for output in pipeline.outputs}
            for node in pipeline.nodes:
                for binding in node.outputs:
                    for name in binding.promoted_to:
                        known[name] = known.get(name) or self.of(node, binding.name)
            self._known[id(pipeline)] = known
        return known


class LevelTypes:
    """Types of the values at one level."""

    def __init__(self, level: Pipeline, outputs: OutputTypes) -> None:
        self.inputs = {item.port.name: item for item in level.inputs}
        self.nodes = {node.name: node for node in level.nodes}
        self._outputs = outputs

    def of(self, value: Value) -> PortType | None:
        """The type of a value; None: not known, or a joined value (whose parts have types)."""
        match value:
            case Literal() | Data():
                return value.type
            case PipelineInputRef():
                item = self.inputs.get(value.name)
                return None if item is None or item.port.broken else item.port.type
            case NodeOutputRef():
                node = self.nodes.get(value.node)
                return None if node is None else self._outputs.of(node, value.output)
            case NodeInputRef() | Joined():
                return None


class Ports:
    """Declared inputs of nodes by name, in the author's order; worked out once per component."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, InputPort]] = {}

    def of(self, node: Node) -> dict[str, InputPort]:
        """The inputs of ``node``; of a node of a refused kind nothing is known."""
        match node:
            case CommandNode():
                owner: object = node.component
                ports = node.component.inputs
            case PipelineNode():
                owner = node.pipeline
                ports = tuple(item.port for item in node.pipeline.inputs)
            case UnsupportedNode():
                return {}
        if id(owner) not in self._known:
            self._known[id(owner)] = {port.name: port for port in ports}
        return self._known[id(owner)]
