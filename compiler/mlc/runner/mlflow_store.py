"""Metrics that steps logged with MLflow, read from the bundle's file store without MLflow.

The store is ``<experiment>/<run>/`` with ``meta.yaml``, ``tags/mlc.step`` (set by the launcher; a script may rename
its runs) and ``metrics/<name>``, whose lines are ``<milliseconds> <value> <step>``.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from mlc.diagnostics import MlcError
from mlc.ir.plan import Plan
from mlc.records import dataclass
from mlc.render.launch import MLFLOW_VOLUME
from mlc.runner.process_engine import process_folder

_NAMES = (("tags", "mlc.step"), ("tags", "mlflow.runName"))
"""Where the step that logged a run is named, the surer place first."""

TAGS = ("mlc.step", "mlflow.runName")
"""Where the name of the step stands: the first that is there."""
_TAG_PATHS = tuple((tag,) for tag in TAGS)
LARGEST = 1 << 20
"""Bytes of a metric's file that are read: the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One logged value; ``step`` counts from 0, ``time`` is in milliseconds since 1970."""

    time: int
    value: float
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetrics:
    """What one MLflow run logged; ``name`` is the pipeline's step, ``metrics`` are in the order of their names."""

    run_id: str
    name: str
    started: int
    metrics: tuple[tuple[str, tuple[Point, ...]], ...]

    @property
    def last(self) -> dict[str, float]:
        """The latest value of each metric."""
        return {name: points[-1].value for name, points in self.metrics if points}


def metrics(plan: Plan, bundle: Path) -> tuple[RunMetrics, ...]:
    """The latest MLflow run of each step that logged something, in the plan's order; empty if none did."""
    from mlc.runner.results import last_engine

    files = _folder(process_folder(bundle) / MLFLOW_VOLUME) if last_engine(bundle) == "process" else _volume(plan)
    latest: dict[str, RunMetrics] = {}
    for found in read_store(files):
        if found.metrics and (found.name not in latest or latest[found.name].started <= found.started):
            latest[found.name] = found
    return tuple(latest[task.name] for task in plan.tasks if task.name in latest)


def read_store(files: Iterable[tuple[str, bytes]]) -> tuple[RunMetrics, ...]:
    """All runs of a store, given as paths below its root and their bytes; what cannot be read is left out."""
    runs: dict[str, dict[str, bytes]] = {}
    for path, content in files:
        parts = PurePosixPath(path).parts
        if len(parts) >= 3:
            runs.setdefault("/".join(parts[:2]), {})["/".join(parts[2:])] = content
    found = [_run(where.rpartition("/")[2], content) for where, content in runs.items() if "meta.yaml" in content]
    return tuple(sorted(found, key=lambda run: (run.started, run.run_id)))


def is_wanted(path: str) -> bool:
    """Whether a file of the store says something about metrics: artifacts and models are not read."""
    parts = PurePosixPath(path).parts
    return len(parts) >= 3 and (parts[2] == "metrics" or parts[2:] in (("meta.yaml",), *_NAMES))


def _run(run_id: str, content: dict[str, bytes]) -> RunMetrics:
    meta = dict(_pairs(content["meta.yaml"].decode(errors="replace")))
    tags = (content.get("/".join(path), b"").decode(errors="replace").strip() for path in _NAMES)
    started = meta.get("start_time", "")
    logged = sorted(
        (path.removeprefix("metrics/"), text) for path, text in content.items() if path.startswith("metrics/")
    )
    return RunMetrics(
        run_id=run_id,
        name=next(filter(None, tags), meta.get("run_name", "")),
        started=int(started) if started.isdigit() else 0,
        metrics=tuple((metric, points) for metric, text in logged if (points := _points(text))),
    )


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    """``name: value`` lines of a flat YAML file, as MLflow writes it."""
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip().strip("'\"")


def _points(content: bytes) -> tuple[Point, ...]:
    points = []
    for line in content.decode(errors="replace").splitlines():
        words = line.split()
        try:
            step = int(words[2]) if len(words) > 2 else 0
            points.append(Point(time=int(words[0]), value=float(words[1]), step=step))
        except (ValueError, IndexError):
            continue
    return tuple(points)


def _folder(root: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if is_wanted(name) and path.is_file():
            yield name, path.read_bytes()[-LARGEST:]


def _volume(plan: Plan) -> Iterable[tuple[str, bytes]]:
    from mlc.runner.docker_engine import volume_name
    from mlc.runner.results import read_volume

    try:
        volume = volume_name(plan.name, MLFLOW_VOLUME)
        for name, stream in read_volume(plan, plan.tasks[0].name, volume, "mlflow"):
            if stream is not None and is_wanted(name):
                yield name, stream.read()[-LARGEST:]
    except MlcError as error:
        if error.diagnostic.code != "E658":
            raise
