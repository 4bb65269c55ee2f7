"""Run records: what a run did, as JSON in ``<bundle>/.mlc/runs/<id>/run.json`` beside the logs of its steps."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mlc.images.cache import write_atomically
from mlc.images.report import State
from mlc.records import dataclass

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """How one step ended. ``log`` is relative to the run's folder, None: never started."""

    task: str
    state: State
    seconds: float = 0.0
    exit_code: int | None = None
    """Of the command; None: there was none (skipped, could not be started)."""
    log: str | None = None
    reason: str = ""
    """Why it was skipped or failed, in words, where the exit code does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A whole run. ``started`` is local time in ISO form with its offset; ``folder`` is where the record lies."""

    id: str
    pipeline: str
    engine: str
    started: str
    folder: Path
    seconds: float = 0.0
    inputs: Mapping[str, str]
    steps: tuple[StepRecord, ...] = ()
    interrupted: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether every step has its result."""
        return not self.interrupted and all(step.state.good for step in self.steps)

    @property
    def exit_code(self) -> int:
        """0 exactly if every step succeeded, 130 after Ctrl-C, else 1."""
        if self.interrupted:
            return 130
        return 0 if self.succeeded else 1

    def step(self, task: str) -> StepRecord:
        """The record of that task; ``KeyError`` if there is none."""
        for step in self.steps:
            if step.task == task:
                return step
        raise KeyError(task)


def runs_folder(bundle: Path) -> Path:
    """Where the runs of a bundle are kept."""
    return bundle / ".mlc" / "runs"


def new_folder(bundle: Path, started: str) -> Path:
    """Make the folder of a new run; its name is the time in words (``2026-01-31-120501``), with a number if taken."""
    runs = runs_folder(bundle)
    runs.mkdir(parents=True, exist_ok=True)
    name = started[:19].replace("T", "-").replace(":", "")
    number = 1
    while True:
        folder = runs / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def save(record: RunRecord) -> None:
    """Write ``run.json`` into the run's folder."""
    write_atomically(record.folder / "run.json", json.dumps(to_json(record), indent=1, ensure_ascii=False) + "\n")


def to_json(record: RunRecord) -> dict[str, Any]:
    """The record as plain values, for ``run.json`` and for ``mlc runs --json``."""
    fields = asdict(record)
    del fields["folder"]
    return {"format": FORMAT, "succeeded": record.succeeded, **fields}


def load(folder: Path) -> RunRecord | None:
    """The record in ``folder``; None if there is none, or none that this version can read."""
    try:
        raw = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if raw.pop("format") != FORMAT:
            return None
        raw.pop("succeeded", None)
        steps = tuple(StepRecord(**(step | {"state": State(step["state"])})) for step in raw.pop("steps"))
        return RunRecord(**raw, folder=folder, steps=steps)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def list_runs(bundle: Path) -> tuple[RunRecord, ...]:
    """All runs of a bundle, the oldest first; folders that hold no readable record are left out."""
    runs = runs_folder(bundle)
    folders = [entry for entry in runs.iterdir() if entry.is_dir()] if runs.is_dir() else []
    records = [record for folder in folders if (record := load(folder)) is not None]
    return tuple(sorted(records, key=lambda record: (record.started, _number(record.id))))


def _number(name: str) -> int:
    tail = name[18:]
    return int(tail) if tail.isdigit() else 1
