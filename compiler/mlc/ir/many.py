"""Tasks that run many times or in many places, in words: for ``mlc plan`` and for graphs."""

from typing import assert_never

from mlc.ir.parallel import Parallel
from mlc.ir.plan import Spread, Task
from mlc.ir.sweep import (
    Bandit,
    Choice,
    EarlyTermination,
    Group,
    MedianStopping,
    Normal,
    Option,
    Parameter,
    Randint,
    Sampling,
    Space,
    Sweep,
    TrialLimits,
    TruncationSelection,
    Uniform,
)

Row = tuple[str, str]
"""What is said, and what of it."""


def mark(task: Task) -> str:
    """A few words for a picture: ``sweep, 20 trials``, ``mini-batches``, ``2 instances``; '' for a plain task."""
    if task.sweep is not None:
        trials = task.sweep.limits.trials
        return f"sweep, {trials} trials" if trials and trials.isdecimal() else "sweep"
    if task.parallel is not None:
        return "mini-batches"
    return "" if task.spread.is_single else _spread(task.spread)


def rows(task: Task) -> list[Row]:
    """All that there is to say, a row each; none for a plain task."""
    found: list[Row] = []
    if task.sweep is not None:
        found += _sweep(task.sweep)
    if task.parallel is not None:
        found += _parallel(task.parallel)
    if not task.spread.is_single:
        found.append(("spread", _spread(task.spread) + (f" ({task.spread.library})" if task.spread.library else "")))
    return found


def _spread(spread: Spread) -> str:
    if spread.library == "ray":
        return _count(spread.instances, "Ray node")
    parts = []
    if spread.instances != 1:
        parts.append(_count(spread.instances, "instance") if spread.instances else "some instances")
    if spread.processes != 1:
        each = " each" if parts and spread.library != "tensorflow" else ""
        word = "worker" if spread.library == "tensorflow" else "process"
        parts.append((_count(spread.processes, word) if spread.processes else f"some {word}es") + each)
    if spread.servers:
        parts.append(_count(spread.servers, "parameter server"))
    return ", ".join(parts)


def _count(number: int, word: str) -> str:
    ending = "" if number == 1 else "es" if word.endswith("s") else "s"
    return f"{number} {word}{ending}"


def _of_one(words: str, value: str | None) -> str:
    """``1 failed item``: the singular where it is one."""
    if value != "1":
        return words
    return {"retries": "retry", "failed mini-batches": "failed mini-batch"}.get(words, words.removesuffix("s"))


def _sweep(sweep: Sweep) -> list[Row]:
    found = [("sweep over", f"{item.name}: {_space(item.space)}") for item in sweep.parameters]
    if sweep.objective is not None:
        found.append(("to", f"{sweep.objective.goal} {sweep.objective.metric}, by {_sampling(sweep.sampling)}"))
    limits = _limits(sweep.limits)
    if limits:
        found.append(("at most", limits))
    if sweep.early_termination is not None:
        found.append(("stopping", _policy(sweep.early_termination)))
    return found


def _space(space: Space | Option) -> str:
    match space:
        case Option():
            return space.text
        case Choice():
            return f"choice({', '.join(_value(value) for value in space.values)})"
        case Uniform():
            return _drawn("uniform", space.log, (space.low, space.high), space.step)
        case Normal():
            return _drawn("normal", space.log, (space.mean, space.deviation), space.step)
        case Randint():
            return f"randint({space.upper})"
        case _:
            assert_never(space)


def _drawn(name: str, log: bool, numbers: tuple[str, str], step: str | None) -> str:
    """As the reference calls it: ``qloguniform(0, 5, q=1)``."""
    full = f"{'q' if step else ''}{'log' if log else ''}{name}"
    return f"{full}({', '.join(numbers)}{f', q={step}' if step else ''})"


def _value(value: Option | Group) -> str:
    if isinstance(value, Option):
        return value.text
    return f"{{{', '.join(_member(member) for member in value.members)}}}"


def _member(member: Parameter) -> str:
    return f"{member.name}: {_space(member.space)}"


def _sampling(sampling: Sampling) -> str:
    settings = {"rule": sampling.rule, "seed": sampling.seed, "logbase": sampling.logbase}
    said = [f"{name} {value}" for name, value in settings.items() if value is not None]
    return f"{sampling.algorithm} sampling" + (f" ({', '.join(said)})" if said else "")


def _limits(limits: TrialLimits) -> str:
    parts = [
        f"{limits.trials} trials" if limits.trials else "",
        f"{limits.concurrent} at once" if limits.concurrent else "",
        f"{limits.timeout} s in all" if limits.timeout else "",
        f"{limits.trial_timeout} s each" if limits.trial_timeout else "",
    ]
    return ", ".join(part for part in parts if part)


def _policy(policy: EarlyTermination) -> str:
    match policy:
        case Bandit():
            slack = policy.slack_factor or policy.slack_amount or "0"
            said = f"trials that are worse than the best by the {'factor' if policy.slack_factor else 'amount'} {slack}"
        case MedianStopping():
            said = "trials that are worse than the median"
        case TruncationSelection():
            said = f"the worst {policy.percentage} % of the trials"
        case _:
            assert_never(policy)
    interval, delay = policy.evaluation_interval, policy.delay_evaluation
    every = (
        f", every {f'{interval} intervals' if interval != '1' else 'interval'}" if interval not in {None, "0"} else ""
    )
    return said + every + (f", from interval {delay} on" if delay and delay != "0" else "")


def _parallel(parallel: Parallel) -> list[Row]:
    size = parallel.mini_batch_size
    if parallel.partition_keys:
        how = f"rows of equal {', '.join(parallel.partition_keys)}"
    elif size is None:
        how = "some"
    else:
        how = f"of {_count(int(size), 'file') if size.isdecimal() else size}"
    found = [("mini-batches", f"{how} of {parallel.input_data}, each to run() of {parallel.entry_script}")]
    if parallel.append_row_to:
        found.append(("rows to", parallel.append_row_to))
    settings = {
        "at once": parallel.max_concurrency_per_instance,
        "retries": parallel.max_retries,
        "s each": parallel.timeout,
        "failed items": parallel.error_threshold,
        "failed mini-batches": parallel.mini_batch_error_threshold,
    }
    said = [f"{value} {_of_one(name, value)}" for name, value in settings.items() if value not in {None, "-1"}]
    return [*found, ("at most", ", ".join(said))] if said else found
