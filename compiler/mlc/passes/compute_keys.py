"""Keys: of environments (what is installed), of images (their tag), of tasks (what would make them run again)."""

from dataclasses import replace
from typing import Any, assert_never

from mlc.hashing import canonical_json, digest
from mlc.ir.image import Image
from mlc.ir.plan import Constant, DataSource, InputValue, OutputSource, Plan, Source, Task, TaskValue, ValueSource
from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text
from mlc.ir.value_parts import value_parts
from mlc.passes.context import Context
from mlc.passes.lowering.environment_key import key_inputs

TAG = 12
"""Hex digits of each half of an image's tag."""


def compute_keys(plan: Plan, context: Context) -> Plan:
    """Fill in ``Image.key_inputs``, ``key``, ``reference`` and ``Task.key``. Names that change nothing do not count."""
    code = {component.name: component.digest for component in plan.components}
    points = _mount_points(plan)
    images = tuple(_image(image, plan, code, points.get(image.name, []), context) for image in plan.images)
    keys = {image.name: image.key for image in images}
    commands: dict[int, list[Any]] = {}
    tasks = []
    for task in plan.tasks:
        if id(task.command) not in commands:
            commands[id(task.command)] = _command(task.command)
        found = _task(task, commands[id(task.command)], code.get(task.component, ""), keys[task.image])
        tasks.append(replace(task, key=found))
    return replace(plan, images=images, tasks=tuple(tasks))


def _mount_points(plan: Plan) -> dict[str, list[str]]:
    """The folders that each image must have: those of the ports and values of its tasks."""
    found: dict[str, set[str]] = {}
    for task in plan.tasks:
        points = found.setdefault(task.image, set())
        points.update(f"outputs/{output.name}" for output in task.outputs)
        for port in task.inputs:
            points.add(f"inputs/{port.name}")
            values = (part for part in value_parts(port.source) if isinstance(part, TaskValue))
            points.update(f"values/{part.task}-{part.output}" for part in values)
    return {name: sorted(points) for name, points in found.items()}


def _image(image: Image, plan: Plan, code: dict[str, str], points: list[str], context: Context) -> Image:
    inputs = key_inputs(image.recipe, plan.platform)
    key = digest(inputs)
    content = digest([[(name, code.get(name, "")) for name in image.components], context.runtime_digest, points])
    prefix = "/".join(part for part in (context.config.registry, context.config.image_prefix) if part)
    reference = f"{prefix}/{plan.name}-{image.name}:{key[:TAG]}-{content[:TAG]}"
    return replace(image, key_inputs=inputs, key=key, reference=reference)


def _task(task: Task, command: list[Any], code: str, environment: str) -> str:
    return digest(
        {
            "code": code,
            "environment": environment,
            "command": command,
            "python function": task.is_python_function,
            "inputs": sorted([port.name, port.type, _source(port.source)] for port in task.inputs),
            "outputs": sorted([out.name, out.type, out.file_name or "", out.path or ""] for out in task.outputs),
            "variables": sorted(task.environment),
        }
    )


def _source(source: Source | None) -> str:
    """What is known of a source when compiling; values, data and producers' keys are added when the step starts."""
    match source:
        case None:
            return canonical_json(None)
        case ValueSource():
            return canonical_json(["value", *(_piece(part) for part in source.parts)])
        case DataSource():
            return canonical_json(["data", source.suffix, *map(_piece, source.below)])
        case OutputSource():
            return canonical_json(["output", source.output, source.suffix, *map(_piece, source.below)])
        case _:
            assert_never(source)


def _piece(part: Constant | InputValue | TaskValue) -> list[str]:
    match part:
        case Constant():
            return ["text", part.text]
        case InputValue():
            return ["input"]
        case TaskValue():
            return ["output", part.output]
        case _:
            assert_never(part)


def _command(template: Template) -> list[Any]:
    found: list[Any] = []
    for part in template:
        match part:
            case Text():
                found.append(part.text)
            case InputRef():
                found.append(["inputs", part.name, part.quoting, *part.around])
            case OutputRef():
                found.append(["outputs", part.name, part.quoting, *part.around])
            case Bracket():
                found.append(["optional", _command(part.parts)])
            case _:
                assert_never(part)
    return found
