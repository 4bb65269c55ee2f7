"""Expressions: every job, input and output that is referred to exists; nothing that looks like one is left as text."""

import re
from collections.abc import Iterator

from mlc.diagnostics import Span
from mlc.ir.component import Component
from mlc.ir.pipeline import (
    CommandNode,
    InputBinding,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    Pipeline,
    PipelineInputRef,
    PipelineNode,
    UnsupportedNode,
    Value,
)
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest
from mlc.passes.report import report_once

_EXPRESSION = re.compile(r"\$\{\{(?!\s*parent\.name\s*\}\}).*?\}\}|^\s*\$\{\{(?!\s*parent\.name\s*\}\}).*", re.DOTALL)
"""One that is closed, or text that begins with one that is not; but for the one below."""
_NAME = re.compile(r"\$\{\{\s*parent\.name\s*\}\}")
"""The reference hands it over as text (azureml.md A8, 12), and its own pipelines use it."""
_COMPUTE = re.compile(r"\$\{\{\s*parent\.inputs\.([^\s{}]+?)\s*\}\}")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_SIDES = frozenset({"parent", "jobs", "inputs", "outputs", "input", "output", "job", "pipeline", "steps", "path"})
_FORMS = "Write ${{parent.inputs.NAME}}, ${{parent.jobs.JOB.outputs.NAME}} or ${{parent.jobs.JOB.inputs.NAME}}"


def check_references(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report references to what is not there, at every level once."""
    for level in levels(pipeline):
        _Level(level, context).check()
    return pipeline


def input_names(node: Node) -> list[str] | None:
    """The inputs that a node declares; None: not known."""
    match node:
        case CommandNode():
            return [port.name for port in node.component.inputs]
        case PipelineNode():
            return [item.port.name for item in node.pipeline.inputs]
        case UnsupportedNode():
            return None


def output_names(node: Node) -> list[str] | None:
    """The outputs that a node declares; None: not known."""
    match node:
        case CommandNode():
            return [port.name for port in node.component.outputs]
        case PipelineNode():
            return [output.name for output in node.pipeline.outputs]
        case UnsupportedNode():
            return None


class _Level:
    """One pipeline, with its names at hand."""

    def __init__(self, pipeline: Pipeline, context: Context) -> None:
        self._pipeline = pipeline
        self._context = context
        self._bag = context.bag
        self._nodes = {node.name: node for node in pipeline.nodes}
        self._inputs = {item.port.name for item in pipeline.inputs}
        self._outputs = {output.name for output in pipeline.outputs}
        self._ports: dict[int, tuple[Component | Pipeline, set[str], set[str]]] = {}

    def check(self) -> None:
        """Every input and output of every node."""
        for node in self._pipeline.nodes:
            for binding in node.inputs:
                for part in parts(binding.value):
                    self._part(part, binding, node)
            for output in node.outputs:
                self._promotion(output, node)
            if isinstance(node, CommandNode) and node.compute and "${{" in node.compute:
                self._compute(node, node.compute)

    def _compute(self, node: CommandNode, compute: str) -> None:
        """A compute can be an input of the pipeline: the one expression that may stand there."""
        match = _COMPUTE.fullmatch(compute.strip())
        binding = InputBinding(name="compute", value=Literal(text=compute), span=node.span)
        if match is None:
            what = f"The compute of job {node.name!r} is an expression that is not understood: {compute!r}"
            fix = "Write a compute's name, or ${{parent.inputs.NAME}}"
            report_once(self._context, "E323", node.span, (what, "", fix))
        elif match[1] not in self._inputs:
            self._pipeline_input(PipelineInputRef(name=match[1]), binding)

    def _part(self, part: Value, binding: InputBinding, node: Node) -> None:
        match part:
            case PipelineInputRef() if part.name not in self._inputs:
                self._pipeline_input(part, binding)
            case NodeOutputRef() if part.node not in self._nodes:
                self._unknown_job(part.node, _at(part.span, binding))
            case NodeOutputRef():
                self._output(part, binding)
            case NodeInputRef() if part.node not in self._nodes:
                self._unknown_job(part.node, _at(part.span, binding))
            case NodeInputRef():
                self._input(part, binding)
            case Literal():
                self._text(part, binding, node)
            case _:
                pass

    def _pipeline_input(self, part: PipelineInputRef, binding: InputBinding) -> None:
        what = f"The pipeline {self._pipeline.name!r} has no input {part.name!r}"
        fix = nearest(part.name, sorted(self._inputs), "inputs")
        self._bag.add("E303", _at(part.span, binding), what, fix=fix)

    def _unknown_job(self, name: str, span: Span) -> None:
        what = f"There is no job {name!r} in the pipeline {self._pipeline.name!r}"
        self._bag.add("E301", span, what, fix=nearest(name, self._nodes, "jobs"))

    def _output(self, part: NodeOutputRef, binding: InputBinding) -> None:
        _, outputs = self._declared(self._nodes[part.node])
        if outputs is not None and part.output not in outputs:
            what = f"Job {part.node!r} has no output {part.output!r}"
            fix = nearest(part.output, sorted(outputs), "outputs")
            self._bag.add("E302", _at(part.span, binding), what, fix=fix)

    def _input(self, part: NodeInputRef, binding: InputBinding) -> None:
        inputs, _ = self._declared(self._nodes[part.node])
        if inputs is not None and part.input not in inputs:
            what = f"Job {part.node!r} has no input {part.input!r}"
            fix = nearest(part.input, sorted(inputs), "inputs")
            self._bag.add("E304", _at(part.span, binding), what, fix=fix)

    def _text(self, part: Literal, binding: InputBinding, node: Node) -> None:
        found = _EXPRESSION.search(part.text)
        span = _at(part.span, binding)
        if found:
            what = f"{found[0]!r} in the input {binding.name!r} of job {node.name!r} is not understood"
            fix = self._meant(found[0]) or _FORMS
            report_once(self._context, "E323", span, (what, "", fix))
        elif name := _NAME.search(part.text):
            what = f"{name[0]!r} in the input {binding.name!r} of job {node.name!r} stays text"
            why = "A pipeline has no name before it runs"
            report_once(self._context, "W309", span, (what, why, "Write the name itself, or leave it if text is meant"))

    def _meant(self, text: str) -> str:
        """``Did you mean ...?`` where the names in a bad expression are those of something that is there."""
        words = [word for word in _WORD.findall(text) if word]
        names = [word for word in words if word not in _SIDES]
        if ".".join(names) in self._inputs:
            return f"Did you mean '${{{{parent.inputs.{'.'.join(names)}}}}}'?"
        node = self._nodes.get(names[0]) if names else None
        if node is None:
            return ""
        inputs, outputs = self._declared(node)
        port = ".".join(names[1:])
        if outputs and (port in outputs or (not port and len(outputs) == 1)):
            return f"Did you mean '${{{{parent.jobs.{names[0]}.outputs.{port or min(outputs)}}}}}'?"
        if inputs and port in inputs:
            return f"Did you mean '${{{{parent.jobs.{names[0]}.inputs.{port}}}}}'?"
        return ""

    def _promotion(self, output: OutputBinding, node: Node) -> None:
        for name in output.promoted_to:
            if name not in self._outputs:
                what = f"The pipeline {self._pipeline.name!r} has no output {name!r}"
                why = f"The output {output.name!r} of job {node.name!r} is bound to it"
                fix = nearest(name, sorted(self._outputs), "outputs")
                self._bag.add("E305", output.span, what, why=why, fix=fix)

    def _declared(self, node: Node) -> tuple[set[str] | None, set[str] | None]:
        """Names of inputs and outputs, kept per component: a thousand nodes often share three of them."""
        if isinstance(node, UnsupportedNode):
            return None, None
        owner = node.component if isinstance(node, CommandNode) else node.pipeline
        if id(owner) not in self._ports:
            self._ports[id(owner)] = (owner, set(input_names(node) or ()), set(output_names(node) or ()))
        _, inputs, outputs = self._ports[id(owner)]
        return inputs, outputs


def is_misread(value: Value) -> bool:
    """Whether a value has an expression in it that was reported: nothing else is said of it."""
    return any(
        isinstance(part, Literal) and "${{" in part.text and _EXPRESSION.search(part.text) for part in parts(value)
    )


def parts(value: Value) -> Iterator[Value]:
    """A value itself, or the pieces of a joined one."""
    if isinstance(value, Joined):
        yield from value.parts
    else:
        yield value


def _at(span: Span, binding: InputBinding) -> Span:
    return span if span.line else binding.span
