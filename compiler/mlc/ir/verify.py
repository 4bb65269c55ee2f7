"""Invariants of both levels of IR: what every pass may rely on. A breach is a bug of ours, not of the user's."""

import re
from collections.abc import Iterable, Sequence
from typing import assert_never

from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.lock import Lock
from mlc.ir.pipeline import (
    CommandNode,
    Joined,
    Node,
    NodeInputRef,
    NodeOutputRef,
    Pipeline,
    PipelineInputRef,
    PipelineNode,
)
from mlc.ir.plan import DataSource, InputValue, OutputSource, Plan, Role, Source, Task, TaskValue, ValueSource
from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text
from mlc.ir.value_parts import value_parts

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_PLAN = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_TASK = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*", re.ASCII)
_PORT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)
_VOLUME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*", re.ASCII)
_HEX = re.compile(r"([0-9a-f]{64})?", re.ASCII)


class InternalError(AssertionError):
    """An invariant of the IR is broken."""


def verify(ir: Pipeline | Plan) -> None:
    """Raise :class:`InternalError` unless ``ir`` is whole. A pipeline is expected to be one without errors."""
    if isinstance(ir, Plan):
        _Plan(ir).verify()
    else:
        _pipeline(ir, set())


def _require(holds: object, what: str) -> None:
    if not holds:
        raise InternalError(what)


def _distinct(names: Iterable[str], what: str) -> set[str]:
    listed = list(names)
    found = set(listed)
    _require(len(found) == len(listed), f"{what} are not distinct: {listed}")
    return found


def _match(pattern: re.Pattern[str], names: Iterable[str], what: str) -> None:
    for name in names:
        _require(pattern.fullmatch(name), f"{name!r} cannot be {what}")


def _pipeline(level: Pipeline, seen: set[int]) -> None:
    seen.add(id(level))
    nodes = {node.name: node for node in level.nodes}
    _distinct((node.name for node in level.nodes), f"jobs of {level.name!r}")
    inputs = _distinct((item.port.name for item in level.inputs), f"inputs of {level.name!r}")
    outputs = _distinct((output.name for output in level.outputs), f"outputs of {level.name!r}")
    for node in level.nodes:
        for binding in node.inputs:
            for part in binding.value.parts if isinstance(binding.value, Joined) else (binding.value,):
                match part:
                    case PipelineInputRef():
                        _require(part.name in inputs, f"{node.name}: no pipeline input {part.name!r}")
                    case NodeOutputRef():
                        _require(_has_output(nodes, part), f"{node.name}: no output {part.node}.{part.output}")
                    case NodeInputRef():
                        _require(part.node in nodes, f"{node.name}: no job {part.node!r}")
                    case _:
                        pass
        for output in node.outputs:
            _require(outputs.issuperset(output.promoted_to), f"{node.name}: no pipeline output {output.promoted_to}")
        if isinstance(node, PipelineNode) and id(node.pipeline) not in seen:
            _pipeline(node.pipeline, seen)


def _has_output(nodes: dict[str, Node], ref: NodeOutputRef) -> bool:
    match nodes.get(ref.node):
        case None:
            return False
        case CommandNode() as node:
            return node.component.output(ref.output) is not None
        case PipelineNode() as node:
            return any(output.name == ref.output for output in node.pipeline.outputs)
        case _:
            return True


class _Plan:
    """A plan with its names at hand."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._images = _distinct((image.name for image in plan.images), "images")
        self._components = _distinct((component.name for component in plan.components), "components")
        self._always = plan.always
        self._inputs = _distinct((given.name for given in plan.inputs), "plan inputs")
        self._outputs = {(task.name, output.name) for task in plan.tasks for output in task.outputs}

    def verify(self) -> None:
        """Names, then tasks in order, then what hangs on them."""
        plan = self._plan
        _require(_PLAN.fullmatch(plan.name), f"{plan.name!r} cannot be the name of a plan")
        _distinct((task.name for task in plan.tasks), "tasks")
        _distinct((given.variable for given in plan.inputs), "variables")
        volumes = _distinct((output.volume for task in plan.tasks for output in task.outputs), "volumes")
        _match(_TASK, (task.name for task in plan.tasks), "the name of a task")
        _match(_VOLUME, volumes, "the name of a volume")
        _match(_VARIABLE, (given.variable for given in plan.inputs), "a variable")
        _match(_SLUG, (*self._images, *self._components), "the name of an image or component")
        for image in plan.images:
            _require(self._components.issuperset(image.components), f"image {image.name}: unknown {image.components}")
            _require(list(image.components) == sorted(image.components), f"image {image.name}: not sorted")
            _match(_HEX, [image.key], "a key")
            _layers(image)
        _match(_HEX, (task.key for task in plan.tasks), "a key")
        for given in plan.inputs:
            _file_name(given.file_name)
        before: set[str] = set()
        for task in plan.tasks:
            self._task(task, before)
            before.add(task.name)
        for output in plan.outputs:
            _require((output.task, output.output) in self._outputs, f"output {output.name!r} has no producer")
        _distinct((output.name for output in plan.outputs), "outputs")

    def _task(self, task: Task, before: set[str]) -> None:
        _require(task.image in self._images, f"{task.name}: no image {task.image!r}")
        _match(_SLUG, [task.component], "the name of a component")
        _require(list(task.after) == sorted(set(task.after)), f"{task.name}: 'after' is not sorted")
        _require(before.issuperset(task.after), f"{task.name} comes before one of {task.after}")
        inputs = _distinct((port.name for port in task.inputs), f"inputs of {task.name}")
        outputs = _distinct((port.name for port in task.outputs), f"outputs of {task.name}")
        _match(_PORT, inputs | outputs, "the name of an input or output")
        for port in task.inputs:
            self._source(port.source, task)
        for output in task.outputs:
            _file_name(output.file_name)
            single = (output.type.is_file and task.role is not Role.FETCH) or not output.type.is_data
            _require(single == (output.file_name is not None), f"{task.name}.{output.name}: file or folder?")
        _template(task.command, inputs, outputs, task.name)

    def _source(self, source: Source | None, task: Task) -> None:
        match source:
            case None:
                pass
            case DataSource():
                _require(source.input in self._inputs, f"{task.name}: no plan input {source.input!r}")
                _suffix(source)
            case OutputSource():
                self._made((source.task, source.output), task)
                _suffix(source)
            case ValueSource():
                pass
            case _:
                assert_never(source)
        for part in value_parts(source):
            if isinstance(part, InputValue):
                _require(part.input in self._inputs, f"{task.name}: no plan input {part.input!r}")
            elif isinstance(part, TaskValue):
                self._made((part.task, part.output), task)

    def _made(self, output: tuple[str, str], task: Task) -> None:
        _require(output in self._outputs, f"{task.name}: nothing makes {output}")
        _require(output[0] in task.after, f"{task.name} does not wait for {output[0]}")
        sure = not task.always or output[0] in self._always
        _require(sure, f"{task.name} is always run, but takes what {output[0]} makes only if nothing fails")


def _layers(image: Image) -> None:
    """Where layers are planned, each locked package is in exactly one, and no layer is of two kinds."""
    recipe = image.recipe
    if isinstance(recipe, UvInstall | MambaInstall) and recipe.layers:
        lock = recipe.lock or Lock()
        for kind, locked in (("pip", lock.pip), ("conda", lock.conda)):
            placed = _distinct((name for layer in recipe.layers for name in getattr(layer, kind)), f"{kind} packages")
            _require(placed == {package.name for package in locked}, f"image {image.name}: layers are not the lock")
        _require(all(bool(layer.pip) != bool(layer.conda) for layer in recipe.layers), f"image {image.name}: layers")


def _template(template: Template, inputs: set[str], outputs: set[str], task: str) -> None:
    for part in template:
        match part:
            case Text():
                pass
            case InputRef():
                _require(part.name in inputs, f"{task}: no input {part.name!r}")
            case OutputRef():
                _require(part.name in outputs, f"{task}: no output {part.name!r}")
            case Bracket():
                _template(part.parts, inputs, outputs, task)
            case _:
                assert_never(part)


def _file_name(name: str | None) -> None:
    _require(name is None or _is_plain([name]), f"{name!r} cannot be the name of a file")


def _suffix(source: DataSource | OutputSource) -> None:
    suffix = source.suffix
    _require(not suffix or _is_plain(suffix.split("/")), f"{suffix!r} is no path below data")
    _require(not suffix or not source.below, f"{suffix!r} is not the whole path below data")


def _is_plain(parts: Sequence[str]) -> bool:
    return all(part not in {"", ".", ".."} and not set(part) & {"/", "\0"} for part in parts)
