"""A plan as a person reads it: what ``mlc plan`` prints. Plain text, no colour, columns that line up."""

import posixpath
from collections.abc import Iterable

from mlc.ir import many
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.ir.plan import (
    Constant,
    DataSource,
    InputValue,
    OutputSource,
    Plan,
    PlanInput,
    Reservation,
    Source,
    Task,
    TaskInput,
    TaskOutput,
    TaskValue,
    ValueSource,
)
from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text
from mlc.ir.value_parts import value_parts

_INDENT = "  "


def to_text(plan: Plan, bundle: str = "") -> str:
    """The whole plan, with a line feed at the end. ``bundle``: where its folder is; local data is shown from there."""
    lines = [f"pipeline  {plan.name}" + (f"  ({plan.display_name})" if plan.display_name else "")]
    if plan.source:
        lines.append(f"source    {plan.source}")
    own = [given for given in plan.inputs if given.of_pipeline]
    data = [given for given in plan.inputs if not given.of_pipeline]
    lines += _section("inputs", [_input(given, bundle) for given in own])
    lines += _section("data of single steps", [_input(given, bundle) for given in data])
    lines += ["", f"steps ({len(plan.tasks)})"]
    for number, task in enumerate(plan.tasks, 1):
        lines += _task(number, task)
    lines += _section(f"environments ({len(plan.images)})", [_image(image, plan) for image in plan.images])
    lines += _section("outputs", [(output.name, "<-", f"{output.task}.{output.output}") for output in plan.outputs])
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(title: str, rows: list[tuple[str, ...]]) -> list[str]:
    return ["", title, *_columns(rows, _INDENT)] if rows else []


def _columns(rows: Iterable[tuple[str, ...]], indent: str) -> list[str]:
    """Rows with their cells under each other; the last cell is not padded."""
    listed = [tuple(cell.replace("\n", "\\n") for cell in row) for row in rows]
    count = max(map(len, listed), default=0)
    padded = [row + ("",) * (count - len(row)) for row in listed]
    widths = [max(len(row[index]) for row in padded) for index in range(count)]
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in padded
    ]


def _input(given: PlanInput, bundle: str) -> tuple[str, ...]:
    value = "(not given)" if given.value is None else given.value
    if bundle and given.value and given.type.is_data and "://" not in given.value:
        value = posixpath.normpath(posixpath.join(bundle, given.value))
    return given.name, f"{given.type}{'?' if given.optional else ''}", f"= {value}", given.description


def _task(number: int, task: Task) -> list[str]:
    component = "" if task.component == task.name else f"  [{task.component}]"
    lines = ["", f"{_INDENT}{number}. {task.name}{component}"]
    rows: list[tuple[str, ...]] = [("environment", task.image)]
    machine = _reservation(task.reservation)
    if machine:
        rows.append(("machine", machine))
    rows += many.rows(task)
    if task.timeout is not None:
        rows.append(("timeout", f"{task.timeout} s"))
    if task.hook:
        rows.append(("hook", task.hook))
    if task.always:
        rows.append(("runs", "even if other steps fail"))
    if not task.reuse:
        rows.append(("reuse", "never: runs every time"))
    only_order = sorted(set(task.after) - {name for port in task.inputs for name in _producers(port.source)})
    if only_order:
        rows.append(("after", ", ".join(only_order)))
    rows += [(f"{name} =", value) for name, value in task.environment]
    lines += _columns(rows, _INDENT * 3)
    swept = {item.name for item in task.sweep.parameters} if task.sweep is not None else set()
    lines += _columns([*(_port(port, swept) for port in task.inputs), *map(_output, task.outputs)], _INDENT * 3)
    start = f"$ {task.parallel.entry_script} " if task.parallel is not None else "$ "
    return lines + [f"{_INDENT * 3}{start}{line}" for line in command_text(task.command).strip().splitlines()]


def _reservation(reservation: Reservation) -> str:
    parts = []
    if reservation.device_ids:
        parts.append(f"GPUs {', '.join(reservation.device_ids)}")
    elif reservation.gpus:
        parts.append("all GPUs" if reservation.gpus < 0 else f"{reservation.gpus} GPU{'s' * (reservation.gpus != 1)}")
    if reservation.cpus is not None:
        parts.append(f"{reservation.cpus:g} CPUs")
    if reservation.memory is not None:
        parts.append(f"{reservation.memory} memory")
    if reservation.shm_size is not None:
        parts.append(f"{reservation.shm_size} shared memory")
    text = ", ".join(parts)
    if reservation.compute is None:
        return text
    return f"{text} (compute {reservation.compute})" if text else f"compute {reservation.compute}"


def _port(port: TaskInput, swept: set[str]) -> tuple[str, ...]:
    source = "the search" if port.name in swept else _source(port.source)
    return "in", port.name, f"{port.type}{'?' if port.optional else ''}", f"<- {source}"


def _output(output: TaskOutput) -> tuple[str, ...]:
    return "out", output.name, str(output.type), f"-> volume {output.volume}"


def _source(source: Source | None) -> str:
    match source:
        case None:
            return "nothing"
        case DataSource():
            return _below(source.input, source)
        case OutputSource():
            return _below(f"{source.task}.{source.output}", source)
        case ValueSource():
            texts = [part.text for part in source.parts if isinstance(part, Constant)]
            if len(texts) == len(source.parts):
                return repr("".join(texts))
            return " + ".join(_piece(part) for part in source.parts)


def _piece(part: Constant | InputValue | TaskValue) -> str:
    match part:
        case Constant():
            return repr(part.text)
        case InputValue():
            return part.input
        case TaskValue():
            return f"value of {part.task}.{part.output}"


def _below(name: str, source: DataSource | OutputSource) -> str:
    below = source.suffix or " + ".join(_piece(part) for part in source.below)
    return f"{name} / {below}" if below else name


def _producers(source: Source | None) -> tuple[str, ...]:
    of_values = tuple(part.task for part in value_parts(source) if isinstance(part, TaskValue))
    return (source.task, *of_values) if isinstance(source, OutputSource) else of_values


def command_text(template: Template) -> str:
    """A command as its author wrote it."""
    found = []
    for part in template:
        match part:
            case Text():
                found.append(part.text)
            case InputRef():
                found.append(f"${{{{inputs.{part.name}}}}}")
            case OutputRef():
                found.append(f"${{{{outputs.{part.name}}}}}")
            case Bracket():
                found.append(f"$[[{command_text(part.parts)}]]")
    return "".join(found)


def _image(image: Image, plan: Plan) -> tuple[str, ...]:
    users = [task.name for task in plan.tasks if task.image == image.name]
    shown = ", ".join(users[:4]) + (f" and {len(users) - 4} more" if len(users) > 4 else "")
    match image.recipe:
        case UseImage() as recipe:
            how = f"{recipe.base}, as it is"
        case UvInstall() as recipe:
            python = f"Python {recipe.python}, " if recipe.python else ""
            how = f"{recipe.base} + {python}{len(recipe.requirements)} requirements by uv"
        case MambaInstall() as recipe:
            python = f"Python {recipe.python}, " if recipe.python else ""
            count = len(recipe.conda) + len(recipe.pip)
            how = f"{recipe.base} + {python}{count} packages by micromamba"
        case BuildDockerfile() as recipe:
            how = f"the author's {recipe.dockerfile}"
    return image.name, how, f"for {shown}"
