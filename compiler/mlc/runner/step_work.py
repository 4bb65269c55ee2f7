"""One step from start to end, in a thread of its own: its output is handed on, kept, and read for its fate."""

import threading
import time
from collections.abc import Callable
from dataclasses import field, replace
from pathlib import Path

from mlc.diagnostics import MlcError
from mlc.images.report import Report, State, Subject
from mlc.ir.plan import Plan, Task
from mlc.records import dataclass
from mlc.runner.options import RunOptions
from mlc.runner.scheduler import Outcome
from mlc.runner.steps import StepEngine, StepProcess, make_step

OVERTIME = 60
"""Seconds beyond a step's time limit after which it is stopped from outside: the launcher itself should have."""


@dataclass(slots=True)
class CurrentRun:
    """What the threads of a run share."""

    plan: Plan
    bundle: Path
    folder: Path
    engine: StepEngine
    report: Report
    values: dict[str, str]
    options: RunOptions
    gpu: bool = False
    running: dict[str, StepProcess] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    stopping: bool = False
    """The steps are being stopped: what ends badly from now on was ended by us."""
    spared: frozenset[str] = frozenset()
    """But for these."""
    failed: bool = False
    """A step has failed."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def stops(self, task: Task) -> bool:
        """Whether the step is to end, or not to begin."""
        return self.stopping and task.name not in self.spared


def work(run: CurrentRun, task: Task) -> Outcome:
    """Run one step to its end, in a thread of its own."""
    start = time.monotonic()
    log = run.folder / f"{task.name}.log"
    run.begun.add(task.name)
    run.report.started(Subject.STEP, task.name)
    step = make_step(run.plan, task, run.bundle, run.values, gpu=run.gpu)
    extra = {"AZUREML_RUN_ID": f"{run.folder.name}_{task.name}"} | ({"MLC_FORCE": "1"} if run.options.force else {})
    if task.always and run.failed:
        extra["MLC_REUSE"] = "0"  # what was run before this failure is not what is run now
    outcome = Outcome(state=State.FAILED, reason="stopped before it started")
    try:
        if run.stops(task):
            raise InterruptedError
        process = run.engine.start(replace(step, environment={**step.environment, **extra}))
        outcome = _follow(run, task, process, log)
    except InterruptedError:
        pass
    except MlcError as error:
        run.report.diagnostic(error.diagnostic)
        outcome = Outcome(state=State.FAILED, reason=error.diagnostic.text)
    state = State.CANCELLED if run.stops(task) and not outcome.state.good else outcome.state
    run.failed = run.failed or state is State.FAILED
    outcome = replace(outcome, state=state, seconds=round(time.monotonic() - start, 3))
    run.report.finished(Subject.STEP, task.name, outcome.state, outcome.seconds)
    return outcome


def _follow(run: CurrentRun, task: Task, process: StepProcess, log: Path) -> Outcome:
    """Hand on and keep a started step's output until it ends."""
    reading = _Reading(task.name)
    with run.lock:
        run.running[task.name] = process
    if run.stops(task):
        process.stop()  # it began while the others were being told to end
    late = _Alarm(None if task.timeout is None else task.timeout + OVERTIME, process.stop)
    try:
        with late, log.open("wb") as stream:
            for line in process.lines():
                stream.write(line + b"\n")
                stream.flush()
                text = line.decode(errors="replace")
                reading.see(text)
                run.report.line(Subject.STEP, task.name, text)
            code = process.wait()
    finally:
        with run.lock:
            del run.running[task.name]
    kept = getattr(process, "kept", None)
    if code and kept:
        run.report.message(f"The container of {task.name} was kept: `docker logs {kept}`, `docker rm {kept}`")
    return Outcome(
        state=reading.state(code), exit_code=code, log=log.name, reason=_reason(task, code, timed_out=late.rang)
    )


class _Reading:
    """What the launcher says of a step in its own lines, before the step's command can say anything."""

    def __init__(self, task: str) -> None:
        self._prefix = f"mlc: {task}: "
        self._runs = self._skipped = False

    def see(self, line: str) -> None:
        """Take note of a line."""
        if not (self._runs or self._skipped) and line.startswith(self._prefix):
            told = line.removeprefix(self._prefix)
            self._runs = told.startswith("runs")
            self._skipped = told.startswith("skipped")

    def state(self, code: int) -> State:
        """How the step ended, given its exit code."""
        if code:
            return State.FAILED
        return State.REUSED if self._skipped else State.SUCCEEDED


class _Alarm:
    """Calls ``action`` once after ``seconds`` (never for None), unless its block has ended by then."""

    def __init__(self, seconds: float | None, action: Callable[[], None]) -> None:
        self.rang = False
        self._action = action
        self._timer = None if seconds is None else threading.Timer(seconds, self._ring)

    def __enter__(self) -> "_Alarm":
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self.rang = True
        self._action()


def _reason(task: Task, code: int, *, timed_out: bool) -> str:
    if timed_out or (code == 124 and task.timeout is not None):
        return f"it ran longer than its limit of {task.timeout} s"
    if code == 137:
        return "it was killed (exit code 137), most likely for memory"
    return f"exit code {code}" if code else ""
