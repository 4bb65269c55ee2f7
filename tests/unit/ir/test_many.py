"""Sweeps, parallel steps and several instances in words."""

import pytest

from mlc.ir.many import mark, rows
from mlc.ir.parallel import Parallel
from mlc.ir.plan import Spread, Task
from mlc.ir.sweep import (
    Bandit,
    Choice,
    Goal,
    Group,
    MedianStopping,
    Normal,
    Objective,
    Option,
    Parameter,
    Randint,
    Sampling,
    Sweep,
    TrialLimits,
    TruncationSelection,
    Uniform,
)


def task(**more):
    return Task(name="a", component="a", image="i", command=(), **more)


def swept(*parameters, **more):
    objective = Objective(metric="acc", goal=Goal.MAXIMIZE)
    return task(sweep=Sweep(parameters=parameters, objective=objective, **more))


def test_a_plain_task():
    assert (mark(task()), rows(task())) == ("", [])
    assert rows(task(spread=Spread(library="pytorch"))) == []


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        (Spread(instances=2), "2 instances"),
        (Spread(instances=0), "some instances"),
        (Spread(library="mpi", processes=4), "4 processes"),
        (Spread(library="pytorch", instances=2, processes=4), "2 instances, 4 processes each"),
        (Spread(library="pytorch", processes=0), "some processes"),
        (
            Spread(library="tensorflow", instances=2, processes=3, servers=1),
            "2 instances, 3 workers, 1 parameter server",
        ),
        (Spread(library="ray", instances=3), "3 Ray nodes"),
        (Spread(library="ray"), "1 Ray node"),
    ],
)
def test_instances_and_processes(spread, words):
    assert mark(task(spread=spread)) == words
    assert rows(task(spread=spread))[0][1].startswith(words)


@pytest.mark.parametrize(
    ("space", "words"),
    [
        (Choice(values=(Option(text="1"), Option(text="2"))), "choice(1, 2)"),
        (Uniform(low="0", high="1"), "uniform(0, 1)"),
        (Uniform(low="0", high="1", log=True, step="2"), "qloguniform(0, 1, q=2)"),
        (Normal(mean="0", deviation="1", log=True), "lognormal(0, 1)"),
        (Randint(upper="9"), "randint(9)"),
        (
            Choice(
                values=(
                    Group(
                        members=(
                            Parameter(name="u", space=Option(text="x")),
                            Parameter(name="v", space=Randint(upper="2")),
                        )
                    ),
                )
            ),
            "choice({u: x, v: randint(2)})",
        ),
    ],
)
def test_search_spaces(space, words):
    assert rows(swept(Parameter(name="lr", space=space)))[0] == ("sweep over", f"lr: {words}")


def test_settings_of_a_sweep():
    limits = TrialLimits(trials="20", concurrent="4", timeout="7200", trial_timeout="60")
    found = rows(swept(sampling=Sampling(seed="7", logbase="e"), limits=limits))
    assert found == [
        ("to", "maximize acc, by random sampling (seed 7, logbase e)"),
        ("at most", "20 trials, 4 at once, 7200 s in all, 60 s each"),
    ]
    assert mark(swept(limits=limits)) == "sweep, 20 trials"
    assert mark(swept(limits=TrialLimits(trials="${{inputs.n}}"))) == "sweep"


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Bandit(slack_factor="0.2"), "trials that are worse than the best by the factor 0.2"),
        (
            Bandit(slack_amount="3", evaluation_interval="1"),
            "trials that are worse than the best by the amount 3, every interval",
        ),
        (
            MedianStopping(evaluation_interval="2", delay_evaluation="5"),
            "trials that are worse than the median, every 2 intervals, from interval 5 on",
        ),
        (TruncationSelection(percentage="20", evaluation_interval="0"), "the worst 20 % of the trials"),
    ],
)
def test_early_termination(policy, words):
    assert rows(swept(early_termination=policy))[-1] == ("stopping", words)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "some of d, each to run() of s.py"),
        ({"mini_batch_size": "1"}, "of 1 file of d, each to run() of s.py"),
        ({"mini_batch_size": "10kb"}, "of 10kb of d, each to run() of s.py"),
        ({"mini_batch_size": "3", "partition_keys": ("a", "b")}, "rows of equal a, b of d, each to run() of s.py"),
    ],
)
def test_mini_batches(more, words):
    found = task(parallel=Parallel(entry_script="s.py", input_data="d", **more))
    assert (mark(found), rows(found)) == ("mini-batches", [("mini-batches", words)])


def test_thresholds():
    parallel = Parallel(
        entry_script="s.py",
        input_data="d",
        append_row_to="out",
        max_concurrency_per_instance="2",
        max_retries="1",
        timeout="60",
        error_threshold="-1",
        mini_batch_error_threshold="5",
    )
    found = rows(task(parallel=parallel))[1:]
    assert found == [("rows to", "out"), ("at most", "2 at once, 1 retry, 60 s each, 5 failed mini-batches")]
