"""A task made ready for an engine: every variable has its value, every mount its place on this machine."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from mlc.images.report import Report
from mlc.ir.plan import Plan, Task
from mlc.records import dataclass
from mlc.render.launch import EnvironmentValue, InputVariable, Mount, MountKind, Passed, environment, mounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One mount: a volume by its name in the plan, or a file or folder of this machine (absolute)."""

    source: str | Path
    target: str
    """Relative to ``MLC_ROOT``."""
    read_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an engine needs to know. ``gpu``: make the reservation that the task asks for."""

    task: Task
    environment: Mapping[str, str]
    places: tuple[Place, ...]
    gpu: bool


class StepProcess(Protocol):
    """A step that was started."""

    def lines(self) -> Iterator[bytes]:
        """Its output, line by line, until it ends."""
        ...

    def wait(self) -> int:
        """Its exit code, when it has ended and its output has been read."""
        ...

    def stop(self) -> None:
        """Ask it to end, then make it; callable from any thread, also when it has ended."""
        ...


class StepEngine(Protocol):
    """What runs steps."""

    name: str

    def prepare(self, plan: Plan, report: Report) -> None:
        """Have everything there that the steps of ``plan`` need: images, environments, volumes."""
        ...

    def start(self, step: Step) -> StepProcess:
        """Start one step; ``MlcError`` (E660) if that is impossible. Called from several threads."""
        ...

    def close(self) -> None:
        """Give back what was held."""
        ...


def make_step(plan: Plan, task: Task, bundle: Path, values: Mapping[str, str], *, gpu: bool) -> Step:
    """The step of ``task``; ``values`` are the texts of all plan inputs by their variable."""
    return Step(
        task=task,
        environment={name: _text(value, values) for name, value in environment(plan, task).items()},
        places=tuple(_place(plan, mount, bundle, values) for mount in mounts(plan, task)),
        gpu=gpu and task.reservation.wants_gpu,
    )


def _text(value: EnvironmentValue, values: Mapping[str, str]) -> str:
    return "".join(_piece(part, values) for part in value)


def _piece(part: str | InputVariable | Passed, values: Mapping[str, str]) -> str:
    match part:
        case InputVariable():
            return values[part.variable]
        case Passed():
            return os.environ.get(part.variable, "")
        case _:
            return part


def _place(plan: Plan, mount: Mount, bundle: Path, values: Mapping[str, str]) -> Place:
    source: str | Path = mount.source
    if mount.kind is MountKind.DATA:
        given = values[plan.input(mount.source).variable]
        source = Path(given) if given else bundle.absolute() / "runtime" / "nothing"
    return Place(source=source, target=mount.target, read_only=mount.read_only)
