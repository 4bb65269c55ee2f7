import os
import signal
import threading
from collections.abc import Mapping, Sequence

import pytest

from mlc.images.report import State
from mlc.runner.scheduler import Outcome, Policy, Scheduler

GOOD, BAD = Outcome(state=State.SUCCEEDED), Outcome(state=State.FAILED, exit_code=3)
DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


class Work:
    """Steps that note when they run; those of ``bad`` fail; ``hold`` names steps that wait until they are stopped."""

    def __init__(self, bad=(), hold=()):
        self.bad, self.hold = set(bad), set(hold)
        self.order: list[str] = []
        self.at_once, self.most = 0, 0
        self.stopped = threading.Event()
        self.holding = threading.Semaphore(0)
        self._lock = threading.Lock()

    def run(self, name):
        with self._lock:
            self.order.append(name)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        if name in self.hold:
            self.holding.release()
            assert self.stopped.wait(10)
        with self._lock:
            self.at_once -= 1
        return BAD if name in self.bad | self.hold else GOOD

    def stop(self, spared=frozenset()):
        if not self.hold & spared:
            self.stopped.set()


def states(edges: Mapping[str, Sequence[str]], work: Work, *, keep_going=False, parallel=4, always=()):
    policy = Policy(max_parallel=parallel, keep_going=keep_going, always=frozenset(always))
    outcomes, interrupted = Scheduler(edges, policy, work.run, work.stop).run()
    assert not interrupted
    return {name: str(outcome.state) for name, outcome in outcomes.items()}, {n: o.reason for n, o in outcomes.items()}


def test_every_step_runs_once_and_after_what_it_needs():
    work = Work()
    assert set(states(DIAMOND, work)[0].values()) == {"succeeded"}
    assert work.order[0] == "a"
    assert work.order[-1] == "d"
    assert sorted(work.order) == ["a", "b", "c", "d"]


def test_one_at_a_time_keeps_the_authors_order():
    work = Work()
    states({"z": (), "y": (), "x": (), "w": ("y",)}, work, parallel=1)
    assert work.order == ["z", "y", "x", "w"]
    assert work.most == 1


def test_steps_without_an_edge_run_side_by_side():
    meet = threading.Barrier(3, timeout=10)

    class Meeting(Work):
        def run(self, name):
            meet.wait()  # breaks unless all three are there at the same time
            return super().run(name)

    assert states({"a": (), "b": (), "c": ()}, Meeting())[0] == dict.fromkeys("abc", "succeeded")


def test_a_failure_stops_the_others_and_skips_the_rest():
    edges = {"bad": (), "long": (), "after_bad": ("bad",), "after_long": ("long",)}
    work = Work(hold=["long"])

    def run(name):
        if name == "bad":
            work.holding.acquire()  # until the long one runs
            return BAD
        return work.run(name)

    outcomes, _ = Scheduler(edges, Policy(max_parallel=2, keep_going=False), run, work.stop).run()
    assert {name: str(outcome.state) for name, outcome in outcomes.items()} == {
        "bad": "failed",
        "long": "cancelled",
        "after_bad": "skipped",
        "after_long": "skipped",
    }
    assert outcomes["long"].reason == "stopped: bad failed"
    assert outcomes["long"].exit_code == 3
    assert outcomes["after_long"].reason == "bad failed"


def test_with_keep_going_what_does_not_depend_on_it_still_runs():
    edges = {"bad": (), "x": ("bad",), "y": ("x",), "good": (), "z": ("good",)}
    found, reasons = states(edges, Work(bad=["bad"]), keep_going=True)
    assert found == {"bad": "failed", "x": "skipped", "y": "skipped", "good": "succeeded", "z": "succeeded"}
    assert reasons["y"] == "bad failed"


LAST = {"data": (), "bad": (), "x": ("bad",), "end": ("data", "x"), "after_end": ("end",)}
ALWAYS = ("data", "end", "after_end")


@pytest.mark.parametrize("keep_going", [False, True])
def test_steps_that_always_run(keep_going):
    found, _ = states(LAST, Work(bad=["bad"]), keep_going=keep_going, always=ALWAYS)
    assert found == {
        "data": "succeeded",
        "bad": "failed",
        "x": "skipped",
        "end": "succeeded",
        "after_end": "succeeded",
    }


@pytest.mark.parametrize("bad", ["data", "end"])
def test_steps_that_always_run_need_each_other(bad):
    found, _ = states(LAST, Work(bad=[bad]), keep_going=True, always=ALWAYS)
    rest = {"data": "succeeded", "bad": "succeeded", "x": "succeeded", "end": "skipped", "after_end": "skipped"}
    assert found == rest | {bad: "failed"}


def test_after_a_failure_a_last_step_can_fail_itself():
    found, reasons = states(LAST, Work(bad=["bad", "end"]), always=ALWAYS)
    assert (found["bad"], found["x"], found["end"], found["after_end"]) == ("failed", "skipped", "failed", "skipped")
    assert (reasons["x"], reasons["after_end"]) == ("bad failed", "end failed")


def test_a_failure_stops_no_step_that_always_runs():
    work = Work(hold=["data"])
    spared = []

    def run(name):
        if name == "bad":
            work.holding.acquire()  # until the data is being fetched
            return BAD
        work.run(name)
        return GOOD

    def stop(names):
        spared.append(names)
        work.stopped.set()

    policy = Policy(max_parallel=2, keep_going=False, always=frozenset(ALWAYS))
    outcomes, _ = Scheduler(LAST, policy, run, stop).run()
    assert spared == [frozenset(ALWAYS)]
    assert str(outcomes["end"].state) == "succeeded"


def test_ctrl_c_stops_what_runs_and_starts_nothing_new():
    work = Work(hold=["a"])

    def interrupt():
        work.holding.acquire()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    edges = {"a": (), "b": ("a",)}
    outcomes, interrupted = Scheduler(edges, Policy(max_parallel=2, keep_going=False), work.run, work.stop).run()
    assert interrupted
    assert work.order == ["a"]
    assert {name: outcome.state for name, outcome in outcomes.items()} == dict.fromkeys("ab", State.CANCELLED)


def test_ctrl_c_at_the_moment_in_which_a_step_ends_loses_no_step():
    scheduler = Scheduler(
        {"a": (), "b": ("a",)}, Policy(max_parallel=2, keep_going=False), lambda _: GOOD, lambda _: None
    )
    ended = scheduler._done

    class Interrupting:
        put = staticmethod(ended.put)

        @staticmethod
        def get(timeout=None):
            found = ended.get(timeout=timeout and 10)
            signal.raise_signal(signal.SIGINT)
            return found

    scheduler._done = Interrupting()  # type: ignore[assignment]
    outcomes, interrupted = scheduler.run()
    assert interrupted
    assert {name: str(outcome.state) for name, outcome in outcomes.items()} == {"a": "succeeded", "b": "cancelled"}


def test_a_second_ctrl_c_goes_through():
    work = Work(hold=["a"])

    def interrupt_again(_spared):
        signal.raise_signal(signal.SIGINT)

    def interrupt():
        work.holding.acquire()
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        Scheduler({"a": ()}, Policy(max_parallel=1, keep_going=False), work.run, interrupt_again).run()
    assert signal.getsignal(signal.SIGINT) is before
    work.stop()


def test_a_bug_of_ours_is_not_swallowed():
    def run(_name):
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError, match="bug"):
        Scheduler({"a": ()}, Policy(max_parallel=1, keep_going=False), run, lambda _: None).run()


def test_a_thousand_steps():
    edges = {f"s{number}": (f"s{number - 1}",) if number else () for number in range(1000)}
    work = Work()
    states(edges, work)
    assert work.order == list(edges)
