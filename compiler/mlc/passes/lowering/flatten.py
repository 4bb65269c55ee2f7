"""Nested pipelines -> steps with their sources and edges (azureml.md A5.8).

A step waits for whoever makes what it takes. A nested pipeline waits for whoever makes any of its inputs, also one
that nothing inside uses: each of its jobs that takes nothing from its neighbours inherits those edges.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import assert_never

from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    InputBinding,
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
from mlc.ir.plan import (
    Constant,
    DataSource,
    InputValue,
    OutputSource,
    Source,
    TaskInput,
    TaskValue,
    ValueParts,
    ValueSource,
)
from mlc.ir.types import Mode
from mlc.ir.value_parts import merged, value_parts
from mlc.passes.check_references import parts
from mlc.passes.lowering.bound_settings import with_settings_bound
from mlc.passes.lowering.fetch import Fetches, Remote
from mlc.passes.lowering.inputs import Inputs
from mlc.passes.lowering.order import ordered
from mlc.records import dataclass

_PARENT_INPUT = re.compile(r"\$\{\{\s*parent\.inputs\.([A-Za-z0-9_.]+)\s*\}\}")

Given = dict[str, Source | Remote | None]
"""Inputs of a level, or outputs of a node, by name; None: an optional one that is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A job of a flattened pipeline: the node, and what surrounds it now."""

    name: str
    node: CommandNode
    inputs: tuple[TaskInput, ...]
    after: frozenset[str]
    compute: str | None


class Flattener:
    """Walks the levels; ``steps`` comes out in topological order."""

    def __init__(self, inputs: Inputs, fetches: Fetches) -> None:
        self.steps: list[Step] = []
        self._inputs, self._fetches = inputs, fetches

    def level(self, pipeline: Pipeline, prefix: str, given: Given, boundary: frozenset[str]) -> Given:
        """Flatten one pipeline; what its outputs are is returned. ``boundary``: steps that it waits for as a whole."""
        made: dict[tuple[str, str], Source | Remote | None] = {}
        outputs: Given = {}
        level = _Level(given, made, self._inputs)
        nodes = {node.name: node for node in pipeline.nodes}
        for name in ordered(nodes, _needs(pipeline)):
            node = nodes[name]
            self._node(node, f"{prefix}{name}", level, boundary)
            for binding in node.outputs:
                for target in binding.promoted_to:
                    if (name, binding.name) in made:
                        outputs[target] = made[name, binding.name]
        return outputs

    def _node(self, node: Node, name: str, level: "_Level", boundary: frozenset[str]) -> None:
        sources = {binding.name: level.value(binding, name) for binding in node.inputs}
        own = {binding.name: getattr(binding.value, "mode", None) for binding in node.inputs}
        first = not any(isinstance(part, NodeOutputRef) for item in node.inputs for part in parts(item.value))
        after = frozenset(task for source in sources.values() for task in producers(source))
        after |= boundary if first else frozenset()
        match node:
            case CommandNode():
                settled = {
                    port.name: self._settled(_by(own.get(port.name), port, self._taken(port, sources.get(port.name))))
                    for port in node.component.inputs
                }
                self._command(node, name, settled, after, level)
            case PipelineNode():
                inner: Given = {}
                for port in (item.port for item in node.pipeline.inputs):
                    inner[port.name] = _by(own.get(port.name), port, self._taken(port, sources.get(port.name)))
                for output, source in self.level(node.pipeline, f"{name}.", inner, after).items():
                    level.made[node.name, output] = source
            case UnsupportedNode():
                pass  # refused before
            case _:
                assert_never(node)

    def _command(
        self, node: CommandNode, name: str, sources: dict[str, Source | None], after: frozenset[str], level: "_Level"
    ) -> None:
        node = with_settings_bound(node, level.given)
        if node.sweep is not None:
            sources = sources | {parameter.name: None for parameter in node.sweep.parameters}
        inputs = tuple(
            TaskInput(name=port.name, type=port.type, source=sources[port.name], optional=port.optional)
            for port in node.component.inputs
        )
        for port in node.component.outputs:
            level.made[node.name, port.name] = (
                OutputSource(task=name, output=port.name)
                if port.type.is_data
                else ValueSource(parts=(TaskValue(task=name, output=port.name),))
            )
        compute = level.compute(node.compute)
        self.steps.append(Step(name=name, node=node, inputs=inputs, after=after, compute=compute))

    def _settled(self, source: Source | Remote | None) -> Source | None:
        """What a step gets of remote data: the URI as text, or the output of the step that fetches it."""
        if not isinstance(source, Remote):
            return source
        return source.as_text() if source.mode is Mode.DIRECT else self._fetches.source(source)

    def _taken(self, port: InputPort, source: Source | Remote | None) -> Source | Remote | None:
        """The source of an input: what it is bound to, else its default."""
        if port.default is None or port.type.is_data:
            return source
        match source:
            case None:
                return ValueSource(parts=(Constant(text=port.default),))
            case ValueSource(parts=(InputValue(input=name),), default=None) if name in self._inputs.may_be_empty:
                return replace(source, default=port.default)
            case _:
                return source


def _by(own: Mode | None, port: InputPort, source: Source | Remote | None) -> Source | Remote | None:
    """A source with the mode that the binding says, else the declaration, else the data itself."""
    return replace(source, mode=own or port.mode or source.mode) if isinstance(source, Remote) else source


def producers(source: Source | Remote | None) -> tuple[str, ...]:
    """The author's steps that must have ended before a source can be read."""
    parts_of = source.below if isinstance(source, Remote) else value_parts(source)
    of_values = tuple(part.task for part in parts_of if isinstance(part, TaskValue))
    return (source.task, *of_values) if isinstance(source, OutputSource) else of_values


def _needs(pipeline: Pipeline) -> dict[str, set[str]]:
    return {
        node.name: {part.node for item in node.inputs for part in parts(item.value) if isinstance(part, NodeOutputRef)}
        for node in pipeline.nodes
    }


@dataclass(frozen=True, slots=True)
class _Level:
    """What names mean at one level: its inputs, and what its nodes have made so far."""

    given: Given
    made: dict[tuple[str, str], Source | Remote | None]
    inputs: Inputs

    def value(self, binding: InputBinding, task: str) -> Source | Remote | None:
        """The source that a bound value is."""
        value = binding.value
        if isinstance(value, Joined):
            return self._joined(value)
        if isinstance(value, Data):
            return self.inputs.task_data(task, binding.name, value)
        return self._single(value)

    def compute(self, name: str | None) -> str | None:
        """A compute's name, where it is an input of the pipeline as it is given when compiling."""
        match = _PARENT_INPUT.fullmatch(name.strip()) if name else None
        if match is None:
            return name
        source = self.given.get(match[1])
        match source:
            case ValueSource(parts=(Constant(text=text),)):
                return text
            case ValueSource(parts=(InputValue(input=wanted),), default=default):
                return next((item.value for item in self.inputs.found if item.name == wanted), None) or default
            case _:
                return None

    def _single(self, value: Value) -> Source | Remote | None:
        match value:
            case Literal():
                return ValueSource(parts=(Constant(text=value.text),))
            case PipelineInputRef():
                return self.given.get(value.name)
            case NodeOutputRef():
                return self.made.get((value.node, value.output))
            case _:
                raise AssertionError(f"{type(value).__name__} is resolved before lowering")

    def _joined(self, value: Joined) -> Source | Remote | None:
        sources = [self._single(part) for part in value.parts if not isinstance(part, NodeInputRef)]
        head = sources[0] if sources else None
        pieces = tuple(part for source in sources if isinstance(source, ValueSource) for part in source.parts)
        if isinstance(head, DataSource | OutputSource | Remote):
            return _below(head, pieces)
        return ValueSource(parts=merged(pieces)) if pieces else None


def _below(source: DataSource | OutputSource | Remote, pieces: ValueParts) -> Source | Remote:
    """``source`` with a path that begins with a slash; its end is taken off where it is text."""
    head = (Constant(text=source.suffix),) if source.suffix else source.below
    path = merged((*head, *pieces))
    first, *rest = path
    if isinstance(first, Constant):
        text = first.text.removeprefix("/")
        plain = PurePosixPath(text)
        if not rest and ".." not in plain.parts and not plain.is_absolute():
            return replace(source, suffix="" if str(plain) == "." else str(plain))
        path = (Constant(text=text), *rest) if text else tuple(rest)
    return replace(source, suffix="", below=path)
