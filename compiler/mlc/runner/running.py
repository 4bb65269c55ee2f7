"""Runs a plan: engine, inputs, steps in order, a record of what happened."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from mlc.diagnostics import NOWHERE, Bag, MlcError, fail
from mlc.images.cache import cache_root, try_locked
from mlc.images.report import OneAtATime, Report, State, Subject
from mlc.ir.plan import Plan
from mlc.runner import record as records
from mlc.runner.choice import choose
from mlc.runner.gpu import decide
from mlc.runner.inputs import check_values, variables
from mlc.runner.options import RunOptions
from mlc.runner.record import RunRecord, StepRecord
from mlc.runner.scheduler import Outcome, Policy, Scheduler
from mlc.runner.step_work import CurrentRun, work
from mlc.runner.steps import StepEngine

if TYPE_CHECKING:
    from mlc.images.engine import Engine


def run(plan: Plan, bundle: Path, options: RunOptions, report: Report) -> RunRecord:
    """Run ``plan`` from its written ``bundle``; how every step ended is in the record, which is kept in the bundle.

    ``MlcError`` for what stops a run before its first step; a failing step raises nothing. Ctrl-C stops the steps and
    gives a record that is ``interrupted``; after SIGTERM the signal does then what it would have done.
    """
    report = OneAtATime(report)
    plan = chosen(plan, options.only)
    bundle = bundle.absolute()
    values = variables(plan, bundle, options.inputs)
    _refuse(plan, values)
    docker = choose(options.engine, report)
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    with _alone(plan, bundle, docker), _signals_stop() as signals:
        gpu = decide(plan, options.gpu, docker, report)
        folder = records.new_folder(bundle, started)
        engine = _engine(bundle, docker, folder.name, options)
        state = CurrentRun(plan, bundle, folder, engine, report, values, options, gpu)
        begin = time.monotonic()
        outcomes, interrupted = _run_steps(state)
    record = RunRecord(
        id=folder.name,
        pipeline=plan.name,
        engine=engine.name,
        started=started,
        folder=folder,
        seconds=round(time.monotonic() - begin, 3),
        inputs={item.name: values[item.variable] for item in plan.inputs if item.of_pipeline},
        steps=tuple(_step_record(name, outcome) for name, outcome in outcomes.items()),
        interrupted=interrupted,
    )
    records.save(record)
    if signals:
        signal.raise_signal(signals[0])
    return record


def chosen(plan: Plan, only: tuple[str, ...]) -> Plan:
    """The part of ``plan`` that makes the tasks ``only`` (all of it if empty); E659 for a name that is not there."""
    if not only:
        return plan
    tasks = {task.name: task for task in plan.tasks}
    wanted: set[str] = set()
    open_ = list(only)
    while open_:
        name = open_.pop()
        if name not in tasks:
            fix = f"The steps are {', '.join(tasks)}"
            raise fail("E659", NOWHERE, f"There is no step {name!r} in {plan.name}", fix=fix)
        if name not in wanted:
            wanted.add(name)
            open_ += tasks[name].after
    kept = tuple(task for task in plan.tasks if task.name in wanted)
    images = tuple(image for image in plan.images if image.name in {task.image for task in kept})
    outputs = tuple(output for output in plan.outputs if output.task in wanted)
    return replace(plan, tasks=kept, images=images, outputs=outputs)


def _refuse(plan: Plan, values: dict[str, str]) -> None:
    bag = Bag()
    check_values(plan, values, bag)
    if bag.has_errors:
        raise MlcError(bag.sorted()[0])


def _engine(bundle: Path, docker: "Engine | None", run_id: str, options: RunOptions) -> StepEngine:
    if docker is not None:
        from mlc.runner.docker_engine import DockerEngine

        return DockerEngine(bundle, docker, run_id, options)
    from mlc.runner.process_engine import ProcessEngine

    return ProcessEngine(bundle, options.network)


def _run_steps(run: CurrentRun) -> tuple[dict[str, Outcome], bool]:
    plan, options = run.plan, run.options
    edges = {task.name: task.after for task in plan.tasks}
    going = options.continue_on_step_failure
    policy = Policy(
        max_parallel=max(1, options.max_parallel or max(2, os.cpu_count() or 1)),
        keep_going=plan.continue_on_step_failure if going is None else going,
        always=plan.always,
    )
    try:
        run.engine.prepare(plan, run.report)
    except (KeyboardInterrupt, InterruptedError):
        run.engine.close()
        return {name: Outcome(state=State.CANCELLED, reason="interrupted") for name in edges}, True
    except BaseException:
        run.engine.close()
        with contextlib.suppress(OSError):
            run.folder.rmdir()  # nothing was run, so there is nothing to keep a record of
        raise
    tasks = {task.name: task for task in plan.tasks}
    scheduler = Scheduler(edges, policy, lambda name: work(run, tasks[name]), lambda spared: _stop(run, spared))
    outcomes, interrupted = scheduler.run()
    run.engine.close()
    for name, outcome in outcomes.items():
        if name not in run.begun:
            run.report.finished(Subject.STEP, name, outcome.state, 0.0)
    return outcomes, interrupted


def _stop(run: CurrentRun, spared: frozenset[str]) -> None:
    """Make all other running steps end; each in a thread, so that their patience runs at the same time."""
    run.spared = spared
    run.stopping = True
    if not spared:
        run.engine.close()
    with run.lock:
        running = [process for name, process in run.running.items() if name not in spared]
    threads = [threading.Thread(target=process.stop, daemon=True) for process in running]
    for thread in threads:
        thread.start()


def _step_record(name: str, outcome: Outcome) -> StepRecord:
    return StepRecord(
        task=name,
        state=outcome.state,
        seconds=outcome.seconds,
        exit_code=outcome.exit_code,
        log=outcome.log,
        reason=outcome.reason,
    )


@contextlib.contextmanager
def _alone(plan: Plan, bundle: Path, docker: "Engine | None") -> Iterator[None]:
    """One run at a time writes to the outputs of a bundle (on Docker: of all bundles of that name); else E657."""
    lock = bundle / ".mlc" / "lock" if docker is None else cache_root() / "locks" / f"run-{plan.name}"
    with try_locked(lock) as ours:
        if not ours:
            why = "Two runs at once would write to the same outputs"
            raise fail(
                "E657",
                NOWHERE,
                f"The pipeline {plan.name} is running already",
                why=why,
                fix="Wait for its end, or stop it",
            )
        yield


@contextlib.contextmanager
def _signals_stop() -> Iterator[list[int]]:
    """SIGTERM (a CI job that is cancelled) ends the steps as Ctrl-C does, and is then in the list that is given.

    Only the main thread may ask for that; in another one nothing changes.
    """
    seen: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGTERM, before)
