"""What a run of a pipeline function leaves behind: parameters, named nodes, outputs."""

from collections.abc import Callable
from dataclasses import field
from types import CodeType, FrameType
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.ir.types import PortType
from mlc.records import dataclass
from mlc.sdk.capture import frame_of, variables
from mlc.sdk.expressions import Expression
from mlc.sdk.naming import named
from mlc.sdk.node import Node
from mlc.sdk.ports import Input, input_port, of_port
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import place_of, session
from mlc.sdk.values import nearest


@dataclass(slots=True, kw_only=True)
class PipelineParameter:
    """One (flattened) parameter. ``type`` None: nothing says it; ``value`` None: not given."""

    name: str
    declared: Input | None
    type: PortType | None
    value: Any
    reference: PipelineInput
    span: Span
    read: InputPort | None = None
    """The declaration, where a file has it."""

    def port(self, fallback: PortType) -> InputPort:
        """The declaration as a port; ``fallback`` where nothing says the type."""
        if self.read is not None:
            return self.read
        if self.declared is not None:
            return input_port(self.name, self.declared, self.declared.span)
        return InputPort(name=self.name, type=self.type or fallback, span=self.span)


class Nodes(dict[str, Node]):
    """Nodes by name; who asks for another one is told the nearest (Python's note to the exception)."""

    def __missing__(self, name: str) -> Node:
        problem = KeyError(name)
        problem.add_note(nearest(str(name), self) or f"The jobs are: {', '.join(map(repr, self))}")
        raise problem


@dataclass(slots=True, kw_only=True)
class Definition:
    """``outputs`` maps the pipeline's outputs to outputs of its nodes."""

    name: str
    parameters: list[PipelineParameter]
    span: Span
    display_name: str | None = None
    description: str = ""
    tags: Any = None
    nodes: Nodes = field(default_factory=Nodes)
    outputs: dict[str, NodeOutput] = field(default_factory=dict)
    on_init: Any = None
    on_finalize: Any = None
    function: Any = None
    """The pipeline function that was run."""
    returned_at: Span | None = None
    """The place of the ``return`` that was taken; None: it made no node, or has none."""
    broken: bool = False
    """Whether its function could not be run, which was reported."""

    @property
    def inputs(self) -> dict[str, Input]:
        """The declared inputs, for scripts that read ``job.component.inputs``."""
        return {item.name: of_port(item.port(PortType.STRING)) for item in self.parameters}

    @property
    def jobs(self) -> Nodes:
        """The reference's word for :attr:`nodes`."""
        return self.nodes


class Builder:
    """Collects the nodes that are made while a pipeline function runs."""

    def __init__(self, definition: Definition, code: CodeType | None) -> None:
        self.definition = definition
        self.code = code
        self.nodes: list[Node] = []
        self.frame: FrameType | None = None

    def add(self, node: Node) -> None:
        """A node was made; the first one tells where the function's variables are."""
        if self.frame is None and self.code is not None:
            self.frame = frame_of(self.code)
        self.nodes.append(node)

    def remove(self, node: Node) -> None:
        """The node was only the model of another one (a sweep's trial)."""
        self.nodes = [item for item in self.nodes if item is not node]

    def computed(self, expression: Expression) -> NodeOutput:
        """The output of the hidden node that computes it; the same expression object is computed once."""
        if expression.node is None:
            from mlc.sdk.computed import computing_node

            expression.node = computing_node(expression)
        output: NodeOutput = expression.node.output_of("output")
        return output

    def run(self, body: Callable[[], Any]) -> Any:
        """Run the function's body; name its nodes after it has returned."""
        builders = session().builders
        builders.append(self)
        try:
            returned = body()
        finally:
            builders.pop()
        if self.frame is not None:
            self.definition.returned_at = place_of(self.frame.f_code, self.frame.f_lasti)
        self.definition.nodes = Nodes(named(self.nodes, variables(self.frame), self.definition.name))
        self.frame = None
        return returned


def set_pipeline_settings(*, on_init: Any = None, on_finalize: Any = None) -> None:
    """Inside of a pipeline function: its first and its last job, as nodes or names."""
    if not session().builders:
        what = "set_pipeline_settings() is called outside of a pipeline function"
        session().report("E215", what, fix="Call it inside of a function decorated with @pipeline")
        return
    definition = session().builders[-1].definition
    definition.on_init, definition.on_finalize = on_init, on_finalize
