"""What makes a sweep of a job: search space, objective, sampling, early termination, limits (azureml.md A5.7).

The same reader serves YAML and the DSL, whose objects come as mappings. Words count in any case of letters, as in the
reference. Whether numbers and inputs fit is for a pass.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from mlc.diagnostics import Span
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.literals import literal
from mlc.frontend.yaml.located import Entry, Mapping, Scalar, Sequence, describe, is_null
from mlc.frontend.yaml.numbers import real, whole
from mlc.frontend.yaml.shapes import Fields, capital
from mlc.ir.sweep import (
    Algorithm,
    Bandit,
    Choice,
    EarlyTermination,
    Goal,
    Group,
    MedianStopping,
    Normal,
    Objective,
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

Word = TypeVar("Word", bound=StrEnum)

FIELDS = ("search_space", "objective", "sampling_algorithm", "early_termination", "limits", "trial")
"""Of a sweep's node or job, besides those of any other."""
_PARAMETERS = {
    "choice": ("values",),
    "uniform": ("min_value", "max_value"),
    "loguniform": ("min_value", "max_value"),
    "quniform": ("min_value", "max_value", "q"),
    "qloguniform": ("min_value", "max_value", "q"),
    "normal": ("mu", "sigma"),
    "lognormal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "qlognormal": ("mu", "sigma", "q"),
    "randint": ("upper",),
}
_EACH = ("evaluation_interval", "delay_evaluation")
_POLICIES = {
    "bandit": ("slack_factor", "slack_amount"),
    "median_stopping": (),
    "truncation_selection": ("truncation_percentage",),
}
_DEEPEST = 20
"""Levels of choices inside of choices."""


def read_sweep(fields: Fields) -> Sweep:
    """The sweep that a job describes. What cannot be read is reported and left out."""
    space = fields.table("search_space")
    if space is None and fields.mapping.get("search_space") is None:
        fields.missing("search_space", "Add 'search_space:' with at least one input of the trial")
    found = (_parameter(name, entry, fields, 0) for name, entry in space or ())
    return Sweep(
        parameters=tuple(parameter for parameter in found if parameter is not None),
        objective=_objective(fields),
        sampling=_sampling(fields),
        early_termination=_early_termination(fields),
        limits=_limits(fields),
        places=tuple(_places(fields.mapping)),
        span=fields.mapping.key_span("search_space"),
    )


def _places(mapping: Mapping) -> Iterator[tuple[str, Span]]:
    """Where each setting's value stands."""
    for key in ("objective", "sampling_algorithm", "early_termination", "limits"):
        table = mapping.get(key)
        for name, entry in table if isinstance(table, Mapping) else ():
            yield name, entry.value.span


def _parameter(name: str, entry: Entry, owner: Fields, depth: int) -> Parameter | None:
    what = f"the search space of '{name}'"
    node = entry.value
    if not isinstance(node, Mapping):
        said = f"{capital(what)} must be a mapping with a type, not {describe(node)}"
        fix = f"Write '{name}: {{type: choice, values: [...]}}', or give '{name}' under 'inputs'"
        owner.bag.add("E104", node.span, said, fix=fix)
        return None
    space = _space(Fields(node, what, owner.bag), depth)
    return None if space is None else Parameter(name=name, space=space, span=entry.span)


def _space(fields: Fields, depth: int) -> Space | None:
    word = fields.required("type")
    if word is None:
        return None
    kind = word.text.strip().lower()
    if kind not in _PARAMETERS:
        what = f"'{word.text}', the type of {fields.what}, is not a distribution"
        fields.bag.add("E113", word.span, what, fix=did_you_mean(kind, list(_PARAMETERS)))
        return None
    fields.unknown(("type", *_PARAMETERS[kind]))
    if kind == "choice":
        return _choice(fields, depth)
    if kind == "randint":
        upper = whole(fields, "upper", required=True)
        return None if upper is None else Randint(upper=upper)
    numbers = [real(fields, key, required=True) for key in _PARAMETERS[kind]]
    first, second = numbers[:2]
    step = numbers[2] if len(numbers) > 2 else None
    if first is None or second is None:
        return None
    log = "log" in kind
    if kind.endswith("uniform"):
        return Uniform(low=first, high=second, log=log, step=step)
    return Normal(mean=first, deviation=second, log=log, step=step)


def _choice(fields: Fields, depth: int) -> Choice | None:
    node = fields.mapping.get("values")
    if node is None:
        fields.missing("values", "Add 'values:' with a list")
        return None
    if not isinstance(node, Sequence):
        fields.wrong("values", node, "a list")
        return None
    if depth >= _DEEPEST:
        fields.bag.add("E108", node.span, f"{capital(fields.what)} is nested too deep", fix="Flatten it")
        return None
    return Choice(values=tuple(_option(item, fields, depth) for item in node.items))


def _option(node: Scalar | Sequence | Mapping, owner: Fields, depth: int) -> Option | Group:
    match node:
        case Mapping():
            members = (_member(name, entry, owner, depth) for name, entry in node)
            return Group(members=tuple(member for member in members if member is not None))
        case Scalar() if not is_null(node):
            value = literal(node)
            return Option(text=value.text, type=value.type)
    what = f"A value of {owner.what} is {describe(node)}"
    owner.bag.add("E104", node.span, what, fix="Write a number, a text, true or false, or a mapping")
    return Option(text="")


def _member(name: str, entry: Entry, owner: Fields, depth: int) -> Parameter | None:
    if isinstance(entry.value, Scalar) and not is_null(entry.value):
        value = literal(entry.value)
        return Parameter(name=name, space=Option(text=value.text, type=value.type), span=entry.span)
    return _parameter(name, entry, owner, depth + 1)


def _objective(fields: Fields) -> Objective | None:
    table = fields.table("objective")
    if table is None:
        if fields.mapping.get("objective") is None:
            fields.missing("objective", "Add 'objective: {goal: maximize, primary_metric: NAME}'")
        return None
    inner = Fields(table, f"'objective' of {fields.what}", fields.bag)
    inner.unknown(("goal", "primary_metric"))
    goal, metric = _word(inner, "goal", Goal, required=True), inner.required("primary_metric")
    if metric is not None and not metric.text.strip():
        inner.missing("primary_metric")
        return None
    if goal is None or metric is None:
        return None
    return Objective(metric=metric.text.strip(), goal=goal, span=table.key_span("primary_metric"))


def _sampling(fields: Fields) -> Sampling:
    """A word, or a mapping with the word as its type; without either the sampling is random, as in the reference."""
    node = fields.mapping.get("sampling_algorithm")
    if not isinstance(node, Mapping):
        word = _word(fields, "sampling_algorithm", Algorithm)
        return Sampling(algorithm=word or Algorithm.RANDOM, span=node.span if node else fields.mapping.span)
    inner = Fields(node, f"'sampling_algorithm' of {fields.what}", fields.bag)
    algorithm = _word(inner, "type", Algorithm, required=True)
    if algorithm is not Algorithm.RANDOM:
        inner.unknown(("type",), why=f"Only random sampling has settings; this is {algorithm}" if algorithm else "")
        return Sampling(algorithm=algorithm or Algorithm.RANDOM, span=node.span)
    inner.unknown(("type", "rule", "seed", "logbase"))
    rule = inner.scalar("rule")
    if rule is not None and rule.text.lower() not in ("random", "sobol"):
        fix = did_you_mean(rule.text.lower(), ["random", "sobol"])
        fields.bag.add("E113", rule.span, f"'{rule.text}' is not a rule of random sampling", fix=fix)
        rule = None
    base = inner.scalar("logbase")
    return Sampling(
        algorithm=algorithm,
        rule=rule.text.lower() if rule else None,
        seed=whole(inner, "seed"),
        logbase="e" if base is not None and base.text.lower() == "e" else real(inner, "logbase"),
        span=node.span,
    )


def _early_termination(fields: Fields) -> EarlyTermination | None:
    table = fields.table("early_termination")
    if table is None:
        return None
    inner = Fields(table, f"'early_termination' of {fields.what}", fields.bag)
    word = inner.required("type")
    if word is None:
        return None
    kind = word.text.strip().lower()
    if kind not in _POLICIES:
        fix = did_you_mean(kind, list(_POLICIES))
        fields.bag.add("E113", word.span, f"'{word.text}' is not a policy of early termination", fix=fix)
        return None
    inner.unknown(("type", *_EACH, *_POLICIES[kind]))
    interval, delay = (whole(inner, key) for key in _EACH)
    if kind == "bandit":
        factor, amount = real(inner, "slack_factor"), real(inner, "slack_amount")
        return Bandit(slack_factor=factor, slack_amount=amount, evaluation_interval=interval, delay_evaluation=delay)
    if kind == "median_stopping":
        return MedianStopping(evaluation_interval=interval, delay_evaluation=delay)
    share = whole(inner, "truncation_percentage", required=True)
    if share is None:
        return None
    return TruncationSelection(percentage=share, evaluation_interval=interval, delay_evaluation=delay)


def _limits(fields: Fields) -> TrialLimits:
    table = fields.table("limits")
    if table is None:
        if fields.mapping.get("limits") is None:
            why_not = "Add 'limits: {max_total_trials: 20}', or call set_limits(max_total_trials=20)"
            fields.missing("limits", why_not)
        return TrialLimits()
    inner = Fields(table, f"'limits' of {fields.what}", fields.bag)
    inner.unknown(("max_total_trials", "max_concurrent_trials", "timeout", "trial_timeout"))
    return TrialLimits(
        trials=whole(inner, "max_total_trials", required=True),
        concurrent=whole(inner, "max_concurrent_trials"),
        timeout=whole(inner, "timeout"),
        trial_timeout=whole(inner, "trial_timeout"),
        span=table.span,
    )


def _word(fields: Fields, key: str, words: type[Word], *, required: bool = False) -> Word | None:
    node = fields.required(key) if required else fields.scalar(key)
    if node is None:
        return None
    text = node.text.strip().lower()
    if text in set(words):
        return words(text)
    noun = "goal of a sweep" if key == "goal" else "sampling algorithm"
    fields.bag.add("E113", node.span, f"'{node.text}' is not a {noun}", fix=did_you_mean(text, list(words)))
    return None
