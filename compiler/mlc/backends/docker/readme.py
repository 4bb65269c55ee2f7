"""``README.md`` of a bundle: how to run it, change it, get at its results; what it is made of."""

from typing import ClassVar

from mlc.backends.docker.example import example
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.lock import Lock
from mlc.ir.plan import Plan, PlanInput, PlanOutput, Role, Task
from mlc.render import prepared, render
from mlc.render.mermaid import mermaid


@prepared
class InputRow:
    """A line of the table of inputs."""

    variable: str
    value: str
    about: str


@prepared
class StepRow:
    """A line of the table of steps."""

    name: str
    title: str
    after: str
    environment: str
    compute: str


@prepared
class Result:
    """An output worth copying out: where it is in the service, and the folder to copy it to."""

    service: str
    path: str
    folder: str


@prepared
class Readme:
    """The file's fields."""

    TEMPLATE: ClassVar[str] = "docker/README.md.j2"
    title: str
    description: str
    source: str
    example: str
    inputs: tuple[InputRow, ...]
    steps: tuple[StepRow, ...]
    results: tuple[Result, ...]
    fetching: str
    """One of the steps that fetch data; '' if there are none."""
    gpu: bool
    graph: str
    billed: bool
    """Some environment has a lock, and so a bill of materials."""
    unlocked: str
    """The environments that have none although packages are installed in them."""


def readme_file(plan: Plan) -> str:
    """The text of ``README.md``."""
    rows = tuple(_input_row(given) for given in plan.inputs)
    unlocked = [image.name for image in plan.images if _installs(image) and _lock(image) is None]
    return render(
        Readme(
            title=plan.display_name or plan.name,
            description=plan.description,
            source=plan.source,
            example=example(plan),
            inputs=rows,
            steps=tuple(_step_row(task) for task in plan.tasks),
            results=_results(plan),
            fetching=next((task.name for task in plan.tasks if task.role is Role.FETCH), ""),
            gpu=any(task.reservation.wants_gpu for task in plan.tasks),
            graph=mermaid(plan).rstrip("\n"),
            billed=any(_lock(image) is not None for image in plan.images),
            unlocked=", ".join(unlocked),
        )
    )


def _installs(image: Image) -> bool:
    return isinstance(image.recipe, UvInstall | MambaInstall)


def _lock(image: Image) -> Lock | None:
    return image.recipe.lock if isinstance(image.recipe, UvInstall | MambaInstall) else None


def _input_row(given: PlanInput) -> InputRow:
    kind = f"{given.type}, optional" if given.optional else str(given.type)
    about = f"{kind}: {given.description}" if given.description else kind
    return InputRow(variable=given.variable, value=given.value or "", about=about)


def _step_row(task: Task) -> StepRow:
    asked = task.reservation
    devices = "all GPUs" if asked.gpus < 0 else f"{asked.gpus} GPU" if asked.gpus else ""
    if asked.device_ids:
        devices = f"GPU {', '.join(asked.device_ids)}"
    limits = (f"{asked.cpus:g} CPUs" if asked.cpus else "", f"{asked.memory} memory" if asked.memory else "")
    return StepRow(
        name=task.name,
        title=task.display_name or task.component,
        after=", ".join(task.after),
        environment=task.image,
        compute=", ".join(part for part in (devices, *limits) if part),
    )


def _results(plan: Plan) -> tuple[Result, ...]:
    """The pipeline's outputs; where it has none, those that no other step reads."""
    outputs = plan.outputs or _last(plan)
    return tuple(
        Result(service=output.task, path=f"/mlc/outputs/{output.output}", folder=f"./results/{output.name}")
        for output in outputs
    )


def _last(plan: Plan) -> tuple[PlanOutput, ...]:
    users, always = [task for task in plan.tasks if task.role is not Role.DELIVER], plan.always
    needed = {name for task in users for name in task.after if not task.always or name in always}
    return tuple(
        PlanOutput(name=f"{task.name}-{output.name}", task=task.name, output=output.name)
        for task in plan.tasks
        if task.name not in needed
        for output in task.outputs
    )
