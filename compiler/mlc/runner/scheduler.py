"""Runs steps in the order of their edges, side by side where the edges allow.

It knows nothing of engines: a step is a function that is called in a thread of its own and says how it ended.
"""

import contextlib
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from graphlib import TopologicalSorter
from types import FrameType

from mlc.images.report import State
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a step ended; see :class:`mlc.runner.record.StepRecord`."""

    state: State
    seconds: float = 0.0
    exit_code: int | None = None
    log: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``keep_going``: what does not depend on a failed step still runs; else running steps are stopped.

    ``always``: steps that no failure of another step stops or keeps from running.
    """

    max_parallel: int
    keep_going: bool
    always: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Progress:
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    failed: str | None = None
    """The step whose failure stopped everything."""
    interrupted: bool = False


_STOPPING = (signal.SIGINT, signal.SIGTERM)

GLANCE = 0.2
"""Seconds: a signal that comes just as the wait for a step begins does not end that wait. So long it can go unseen."""


class Scheduler:
    """One run of a graph. ``work(name)`` runs a step; ``stop(spared)`` makes the others that run end soon."""

    def __init__(
        self,
        edges: Mapping[str, Sequence[str]],
        policy: Policy,
        work: Callable[[str], Outcome],
        stop: Callable[[frozenset[str]], None],
    ) -> None:
        self._edges = edges
        self._order = {name: number for number, name in enumerate(edges)}
        self._policy = policy
        self._work = work
        self._stop = stop
        self._done: queue.SimpleQueue[tuple[str, Outcome | BaseException] | None] = queue.SimpleQueue()
        """Steps that ended; None only wakes the one who waits."""
        self._progress = _Progress()

    def run(self) -> tuple[dict[str, Outcome], bool]:
        """All outcomes in the order of the edges' keys, and whether Ctrl-C ended it. A bug in ``work`` is raised.

        A second Ctrl-C goes through as ``KeyboardInterrupt``.
        """
        sorter = TopologicalSorter(self._edges)
        sorter.prepare()
        with self._signals_noted():
            try:
                while sorter.is_active() and not self._progress.interrupted:
                    self._advance(sorter)
            finally:
                self._drain()
        progress = self._progress
        for name in self._edges:
            progress.outcomes.setdefault(name, Outcome(state=State.CANCELLED, reason="interrupted"))
        return {name: progress.outcomes[name] for name in self._edges}, progress.interrupted

    def _advance(self, sorter: "TopologicalSorter[str]") -> None:
        progress = self._progress
        for name in sorted(sorter.get_ready(), key=self._order.__getitem__):
            if (outcome := self._verdict(name)) is None:
                progress.waiting.append(name)
            else:
                progress.outcomes[name] = outcome
                sorter.done(name)
        while progress.waiting and len(progress.running) < self._policy.max_parallel:
            name = progress.waiting.pop(0)
            if (outcome := self._verdict(name)) is None:
                self._start(name)
            else:
                progress.outcomes[name] = outcome
                sorter.done(name)
        if progress.running and (ended := self._collect()) is not None:
            sorter.done(ended)

    def _verdict(self, name: str) -> Outcome | None:
        """The outcome of a step that must not start, None for one that may."""
        outcomes, failed = self._progress.outcomes, self._progress.failed
        always = self._policy.always
        if failed is not None and name not in always:
            return Outcome(state=State.SKIPPED, reason=f"{failed} failed")
        for before in self._edges[name]:
            needed = name not in always or before in always
            if needed and not outcomes[before].state.good:
                skipped = outcomes[before].state is State.SKIPPED
                return Outcome(state=State.SKIPPED, reason=outcomes[before].reason if skipped else f"{before} failed")
        return None

    def _start(self, name: str) -> None:
        def body() -> None:
            try:
                self._done.put((name, self._work(name)))
            except BaseException as error:
                self._done.put((name, error))

        self._progress.running.add(name)
        threading.Thread(target=body, name=f"step-{name}", daemon=True).start()

    def _collect(self) -> str | None:
        """Wait for the next step to end; None where there was something else to look at, or nothing."""
        try:
            ended = self._done.get(timeout=GLANCE)
        except queue.Empty:
            return None
        if ended is None:
            return None
        name, outcome = ended
        progress = self._progress
        progress.running.discard(name)
        if isinstance(outcome, BaseException):
            raise outcome
        ours = (progress.failed is not None and name not in self._policy.always) or progress.interrupted
        if not outcome.state.good and ours:
            why = "interrupted" if progress.interrupted else f"{progress.failed} failed"
            outcome = Outcome(
                state=State.CANCELLED,
                seconds=outcome.seconds,
                exit_code=outcome.exit_code,
                log=outcome.log,
                reason=f"stopped: {why}",
            )
        progress.outcomes[name] = outcome
        if outcome.state is State.FAILED and not self._policy.keep_going:
            progress.failed = progress.failed or name
            self._stop(self._policy.always)
        return name

    def _drain(self) -> None:
        """Stop what runs and wait for it."""
        if self._progress.running:
            self._stop(frozenset())
        while self._progress.running:
            self._collect()

    @contextlib.contextmanager
    def _signals_noted(self) -> Iterator[None]:
        """What would raise ``KeyboardInterrupt`` only leaves a note: raised between two lines it would lose a step."""

        def note(number: int, frame: FrameType | None) -> None:
            try:
                handlers[number](number, frame)
            except KeyboardInterrupt:
                if self._progress.interrupted:
                    raise
                self._progress.interrupted = True
                self._done.put(None)

        handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
        if threading.current_thread() is threading.main_thread():
            handlers = {number: now for number in _STOPPING if callable(now := signal.getsignal(number))}
        for number in handlers:
            signal.signal(number, note)
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
