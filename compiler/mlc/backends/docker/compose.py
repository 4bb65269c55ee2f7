"""``compose.yaml``: a service per step, one builder per environment before them, one sink behind the last of them.

Why this shape: one service per environment has ``build:``, so that no image is built twice and none is missing when
its steps start; ``docker compose up`` exits 0 when the *last* steps fail, unless something depends on them: the sink.

When a service fails, Compose starts nothing more that waits, and stops watching what runs. A pipeline that is to go on
after a failure (``continue_on_step_failure``; ``on_finalize``) has steps whose launchers note it and exit with 0, and
before the sink a service that looks at those notes and fails in their place.
"""

from typing import ClassVar

from mlc.backends.docker.example import example
from mlc.backends.docker.site import build_args
from mlc.config.network import NOTHING_SET, Network, run_variables
from mlc.ir.image import Image
from mlc.ir.plan import Plan, PlanInput, Reservation, Task
from mlc.render import prepared, render
from mlc.render.launch import EnvironmentValue, InputVariable, Mount, MountKind, environment, mounts

SINK = "pipeline-done"
CHECK = "pipeline-check"
NOTHING = "./runtime/nothing"
"""What is mounted for optional data that was not given."""


@prepared
class Builder:
    """The service that builds one environment's image; without ``dockerfile`` it is pulled."""

    service: str
    image: str
    dockerfile: str
    args: tuple[tuple[str, str], ...]


@prepared
class DataLine:
    """A bind mount; ``absent`` is mounted where the user gave nothing ('' for data that has to be there)."""

    source: InputVariable
    absent: str
    target: str
    read_only: bool


@prepared
class VolumeLine:
    """A named volume of the step's own."""

    source: str
    target: str
    read_only: bool


@prepared
class Devices:
    """Reserved GPUs: ``count`` (a number or ``all``) or, if there are any, ``ids``."""

    count: str
    ids: tuple[str, ...]


@prepared
class Deploy:
    """What a step gets of the machine; empty text: no limit."""

    cpus: str
    memory: str
    devices: Devices | None

    @property
    def limits(self) -> bool:
        """Whether CPU or memory is limited."""
        return bool(self.cpus or self.memory)


@prepared
class Step:
    """The service of one task."""

    service: str
    title: str
    image: str
    builder: str
    after: tuple[str, ...]
    environment: tuple[tuple[str, EnvironmentValue], ...]
    data: tuple[DataLine, ...]
    volumes: tuple[VolumeLine, ...]
    deploy: Deploy | None
    shm_size: str | None


@prepared
class ComposeFile:
    """The whole file. ``shared``: what every step has in its environment; ``hints``: what to type, what it does."""

    TEMPLATE: ClassVar[str] = "docker/compose.yaml.j2"
    name: str
    platform: str
    title: str
    source: str
    hints: tuple[str, ...]
    shared: tuple[tuple[str, EnvironmentValue], ...]
    builders: tuple[Builder, ...]
    steps: tuple[Step, ...]
    sink: str
    sink_image: str
    leaves: tuple[str, ...]
    check: str
    """The service that fails for failed steps; '' if they do so themselves."""
    checked: str
    volumes: tuple[str, ...]
    authorities: bool
    """The bundle holds the certificates that builds and steps trust."""
    step_network: bool
    """Steps get settings for the network."""


@prepared
class CpuOverlay:
    """``compose.cpu.yaml``: takes the reservations of ``services`` away."""

    TEMPLATE: ClassVar[str] = "docker/compose.cpu.yaml.j2"
    services: tuple[str, ...]


def compose_file(plan: Plan, network: Network = NOTHING_SET) -> str:
    """The text of ``compose.yaml``."""
    always = plan.always
    going: dict[str, EnvironmentValue] = {}
    if plan.continue_on_step_failure or always:
        going["MLC_GO_ON"] = ("1",)
    environments = {task.name: environment(plan, task) for task in plan.tasks}
    if going:
        environments = {task.name: environments[task.name] | going | _waits(task, always) for task in plan.tasks}
    shared = _shared(list(environments.values()))
    inputs = {given.name: given for given in plan.inputs}
    images = {image.name: image for image in plan.images}
    steps = []
    for task in plan.tasks:
        own = tuple((name, value) for name, value in environments[task.name].items() if name not in shared)
        steps.append(_step(task, images[task.image], own, _Mounts.of(mounts(plan, task), inputs)))
    needed = {name for task in plan.tasks for name in task.after}
    return render(
        ComposeFile(
            name=plan.name,
            platform=plan.platform,
            title=plan.display_name or plan.name,
            source=plan.source,
            hints=_hints(plan),
            shared=tuple(shared.items()),
            builders=tuple(_builder(image, network) for image in plan.images),
            steps=tuple(steps),
            sink=SINK,
            sink_image=plan.images[0].pinned,
            leaves=tuple(task.name for task in plan.tasks if task.name not in needed),
            check=CHECK if going else "",
            checked=" ".join(task.name for task in plan.tasks),
            volumes=tuple(output.volume for task in plan.tasks for output in task.outputs),
            authorities=network.ca_bundle is not None,
            step_network=bool(run_variables(network)),
        )
    )


def cpu_overlay(plan: Plan) -> str:
    """The text of ``compose.cpu.yaml``."""
    return render(CpuOverlay(services=tuple(task.name for task in plan.tasks if task.reservation.wants_gpu)))


def builder_service(image: str) -> str:
    """The name of the service that builds the image ``image``."""
    return f"build-{image}"


@prepared
class _Mounts:
    data: tuple[DataLine, ...]
    volumes: tuple[VolumeLine, ...]

    @staticmethod
    def of(found: tuple[Mount, ...], inputs: dict[str, PlanInput]) -> "_Mounts":
        """Without the two volumes that every step has: the template holds them once."""
        own = [mount for mount in found if mount.kind is MountKind.DATA or mount.target not in ("state", "mlflow")]
        return _Mounts(
            data=tuple(_data(mount, inputs[mount.source]) for mount in own if mount.kind is MountKind.DATA),
            volumes=tuple(
                VolumeLine(source=mount.source, target=f"/mlc/{mount.target}", read_only=mount.read_only)
                for mount in own
                if mount.kind is MountKind.VOLUME
            ),
        )


def _data(mount: Mount, given: PlanInput) -> DataLine:
    absent = NOTHING if mount.optional else ""
    source, target = InputVariable(given.variable), f"/mlc/{mount.target}"
    return DataLine(source=source, absent=absent, target=target, read_only=mount.read_only)


def _step(task: Task, image: Image, own: tuple[tuple[str, EnvironmentValue], ...], mounted: _Mounts) -> Step:
    return Step(
        service=task.name,
        title=task.display_name or task.component,
        image=image.pinned,
        builder=builder_service(image.name),
        after=task.after,
        environment=own,
        data=mounted.data,
        volumes=mounted.volumes,
        deploy=_deploy(task.reservation),
        shm_size=task.reservation.shm_size,
    )


def _deploy(asked: Reservation) -> Deploy | None:
    cpus = f"{asked.cpus:g}" if asked.cpus else ""
    devices = None
    if asked.wants_gpu:
        devices = Devices(count="all" if asked.gpus < 0 else str(asked.gpus), ids=asked.device_ids)
    deploy = Deploy(cpus=cpus, memory=asked.memory or "", devices=devices)
    return deploy if deploy.limits or devices else None


def _builder(image: Image, network: Network) -> Builder:
    return Builder(
        service=builder_service(image.name),
        image=image.pinned,
        dockerfile="" if image.digest else f"environments/{image.name}/Dockerfile",
        args=build_args(image, network),
    )


def _waits(task: Task, always: frozenset[str]) -> dict[str, EnvironmentValue]:
    """Those without whose success the task is not run."""
    needed = [name for name in task.after if not task.always or name in always]
    return {"MLC_AFTER": (" ".join(needed),)} if needed else {}


def _shared(environments: list[dict[str, EnvironmentValue]]) -> dict[str, EnvironmentValue]:
    """What all of several steps have alike; of a single step, nothing."""
    if len(environments) < 2:
        return {}
    first, *others = environments
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _hints(plan: Plan) -> tuple[str, ...]:
    """Commands and their meanings, in two columns."""
    shown = example(plan)
    lines = [("docker compose up", "build what is missing, run what has changed; status 0: every step succeeded")]
    if shown:
        lines += [(f"{shown} docker compose up", "the same with another value of an input; .env lists all")]
    lines += [("docker compose down --volumes", "forget all outputs")]
    width = max(len(command) for command, _ in lines)
    return tuple(f"{command:<{width}}   {meaning}" for command, meaning in lines)
