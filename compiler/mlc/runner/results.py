"""Where the outputs of a bundle are, and copies of them: from volumes of the Docker engine or folders of processes."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from mlc.diagnostics import NOWHERE, fail
from mlc.images.words import capital
from mlc.ir.plan import Plan, Role, Task, TaskOutput
from mlc.ir.types import PortType
from mlc.records import dataclass
from mlc.runner.process_engine import output_folder
from mlc.runner.record import list_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPlace:
    """One output. ``name``: of the pipeline's output, or ``task.port`` for that of a step which nobody consumes.

    ``folder`` is where its files are if the steps ran as processes; ``volume`` is the volume's name in Docker.
    """

    name: str
    task: str
    port: str
    type: PortType
    volume: str
    file_name: str | None
    folder: Path | None
    of_pipeline: bool

    @property
    def where(self) -> str:
        """The place in words that can be pasted into a command."""
        if self.folder is None:
            return f"volume {self.volume}"
        return str(self.folder / self.file_name if self.file_name else self.folder)


def last_engine(bundle: Path) -> str:
    """``docker`` or ``process``: what the latest run used; ``docker`` without one (`docker compose up`)."""
    runs = list_runs(bundle)
    return runs[-1].engine if runs else "docker"


def outputs(plan: Plan, bundle: Path) -> tuple[OutputPlace, ...]:
    """The pipeline's outputs, then those of steps that nobody consumes."""
    process = last_engine(bundle) == "process"
    ports = {(task.name, output.name): (task, output) for task in plan.tasks for output in task.outputs}
    named = {(output.task, output.output): output.name for output in plan.outputs}
    users, always = [task for task in plan.tasks if task.role is not Role.DELIVER], plan.always
    consumed = {before for task in users for before in task.after if not task.always or before in always}
    places = [_place(plan, bundle, *ports[where], name, process=process) for where, name in named.items()]
    for (task_name, port), (task, output) in ports.items():
        if task_name not in consumed and (task_name, port) not in named:
            places.append(_place(plan, bundle, task, output, None, process=process))
    return tuple(places)


def fetch_outputs(
    plan: Plan, bundle: Path, destination: Path, names: Iterable[str] = ()
) -> tuple[tuple[OutputPlace, Path], ...]:
    """Copy outputs (all, or those of ``names``) to ``destination/<name>/``; where each one went.

    E658 for a name that is not there, for one that no run has made, and for a folder that is there already.
    """
    places = {place.name: place for place in outputs(plan, bundle)}
    wanted = list(names) or list(places)
    done = []
    for name in wanted:
        if name not in places:
            fix = f"The outputs are {', '.join(places)}" if places else "The pipeline has none"
            raise fail("E658", NOWHERE, f"There is no output {name!r}", fix=fix)
        target = destination / name
        if target.exists():
            why = "Nothing is overwritten"
            raise fail(
                "E658",
                NOWHERE,
                f"The folder {target} is there already",
                why=why,
                fix="Name another folder, or remove it",
            )
        done.append((places[name], _fetch(plan, places[name], target)))
    return tuple(done)


def _place(plan: Plan, bundle: Path, task: Task, output: TaskOutput, name: str | None, *, process: bool) -> OutputPlace:
    from mlc.runner.docker_engine import volume_name

    return OutputPlace(
        name=name or f"{task.name}.{output.name}",
        task=task.name,
        port=output.name,
        type=output.type,
        volume=volume_name(plan.name, output.volume),
        file_name=output.file_name,
        folder=output_folder(bundle.absolute(), task.name, output.name) if process else None,
        of_pipeline=name is not None,
    )


def _fetch(plan: Plan, place: OutputPlace, target: Path) -> Path:
    """Copy one output to the new folder ``target``, whole or not at all."""
    import tempfile

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as scratch:
        fresh = Path(scratch) / "new"
        if place.folder is None:
            fresh.mkdir()
            for name, member in read_volume(plan, place.task, place.volume, f"outputs/{place.port}"):
                _put(fresh, name, member)
        elif place.folder.is_dir() and any(place.folder.iterdir()):
            shutil.copytree(place.folder, fresh)
        else:
            raise _not_made(place.name)
        fresh.rename(target)
    return target


def read_volume(plan: Plan, task: str, volume: str, target: str) -> "Iterator[tuple[str, IO[bytes] | None]]":
    """Files of a volume: path below it, and an open stream (None: a folder). E658 if there is no such volume.

    They are read through a container of the task's image that is never started.
    """
    import tarfile

    from docker.errors import DockerException, NotFound

    from mlc.images.client import connect
    from mlc.images.store import need_engine

    client = connect(need_engine().endpoint)
    try:
        client.volumes.get(volume)
        mount = {volume: {"bind": f"/mlc/{target}", "mode": "ro"}}
        holder = client.containers.create(plan.image(plan.task(task).image).reference, volumes=mount)
        try:
            stream, _ = holder.get_archive(f"/mlc/{target}")
            with tarfile.open(fileobj=_Stream(iter(stream)), mode="r|") as archive:  # type: ignore[call-overload]
                for member in archive:
                    name = "/".join(PurePosixPath(member.name).parts[1:])
                    if name and (member.isdir() or member.isfile()):
                        yield name, archive.extractfile(member)
        finally:
            holder.remove(force=True)
    except NotFound as error:
        raise _not_made(f"{task}: volume {volume}") from error
    except (DockerException, OSError, tarfile.TarError) as error:
        raise fail("E652", NOWHERE, f"The volume {volume} cannot be read", why=capital(str(error))) from error


class _Stream:
    """The ``read`` that ``tarfile`` wants, over pieces of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _put(root: Path, name: str, member: "IO[bytes] | None") -> None:
    """One file or folder below ``root``; names that would lead out of it are refused."""
    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
        raise fail("E652", NOWHERE, f"The volume holds a file called {name!r}")
    target = root / name
    if member is None:
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        shutil.copyfileobj(member, stream)


def _not_made(name: str) -> Any:
    return fail("E658", NOWHERE, f"The output {name} is not there", fix="Run the pipeline first: `mlc run`")
