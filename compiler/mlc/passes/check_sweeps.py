"""Sweeps: they search over inputs that the trial has, for values that those take, under settings that can be met."""

from collections.abc import Iterator
from typing import assert_never

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.ir.pipeline import CommandNode, Pipeline
from mlc.ir.sweep import (
    Algorithm,
    Bandit,
    Choice,
    Group,
    MedianStopping,
    Normal,
    Option,
    Parameter,
    Randint,
    Space,
    Sweep,
    TruncationSelection,
    Uniform,
)
from mlc.ir.types import PortType
from mlc.passes.check_values import misfit
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest
from mlc.passes.setting_numbers import Setting, bound_input, check_settings_numbers, number

_LIMITS = {
    "max_total_trials": "trials",
    "max_concurrent_trials": "concurrent",
    "timeout": "timeout",
    "trial_timeout": "trial_timeout",
}
_CAN_DRAW = {Algorithm.GRID: "choice", Algorithm.BAYESIAN: "choice, uniform and quniform"}


def check_sweeps(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report bad sweeps, at every level once."""
    for level in levels(pipeline):
        for node in level.nodes:
            if isinstance(node, CommandNode) and node.sweep is not None:
                _Sweep(node, node.sweep, level, context).check()
    return pipeline


class _Sweep:
    def __init__(self, node: CommandNode, sweep: Sweep, level: Pipeline, context: Context) -> None:
        self._node = node
        self._sweep = sweep
        self._level = level
        self._context = context
        self._given = {binding.name for binding in node.inputs}

    def check(self) -> None:
        """Parameters, then settings."""
        for parameter in self._sweep.parameters:
            self._parameter(parameter)
        check_settings_numbers(self._settings(), self._level, f"job {self._node.name!r}", self._context)
        policy = self._sweep.early_termination
        slacks = (policy.slack_factor, policy.slack_amount) if isinstance(policy, Bandit) else ()
        if slacks and all(slack and number(slack) for slack in slacks):
            what = f"The bandit policy of job {self._node.name!r} has a slack_factor and a slack_amount"
            why = "One of them decides, and nobody says which"
            self._context.bag.add("W513", self._place("slack_amount"), what, why=why, fix="Remove the other")

    def _parameter(self, parameter: Parameter) -> None:
        span = parameter.span if parameter.span.line else self._node.span
        port = self._node.component.input(parameter.name)
        component = self._node.component
        subject = f"Job {self._node.name!r} searches over {parameter.name!r}"
        if port is None:
            names = [item.name for item in component.inputs]
            why = f"The trial {component.name!r} has no such input"
            self._bad(span, subject, why, nearest(parameter.name, names, "inputs"))
        elif parameter.name in self._given:
            self._bad(span, f"{subject} and gives it a value", "It cannot be both", "Remove one of them")
        elif port.type.is_data:
            self._bad(span, subject, f"It is data ({port.type}), and a search draws values", "Bind it under 'inputs'")
        elif not isinstance(parameter.space, Option):
            self._space(parameter.space, f"The search space of {parameter.name!r}", port, span)
            self._drawable(parameter.space, parameter.name, span)

    def _space(self, space: Space, subject: str, port: InputPort | None, span: Span) -> None:
        """``port``: what the values are for; None for members of a group, which become part of a text."""
        match space:
            case Choice():
                self._choice(space, subject, port, span)
            case Uniform():
                low, high = number(space.low), number(space.high)
                if low is not None and high is not None and low >= high:
                    self._bad(span, f"{subject} is empty", f"It goes from {space.low} to {space.high}", "Swap them")
                self._numeric(subject, port, span, whole=False)
            case Normal():
                deviation = number(space.deviation)
                if deviation is not None and deviation <= 0:
                    what = f"{subject} has the sigma {space.deviation}"
                    self._bad(span, what, "Without a deviation there is one value only", "Give a positive number")
                self._numeric(subject, port, span, whole=False)
            case Randint():
                upper = number(space.upper)
                if upper is not None and upper < 1:
                    self._bad(span, f"{subject} is empty", f"It ends below {space.upper}", "Give 1 or more")
                self._numeric(subject, port, span, whole=True)
            case _:
                assert_never(space)
        step = space.step if isinstance(space, Uniform | Normal) else None
        if step is not None and (size := number(step)) is not None and size <= 0:
            self._bad(span, f"{subject} has the step q = {step}", "Steps lead upwards", "Give a positive number")

    def _choice(self, space: Choice, subject: str, port: InputPort | None, span: Span) -> None:
        if not space.values:
            self._bad(span, f"{subject} is a choice among no values", "", "List at least one under 'values'")
        for value in space.values:
            match value:
                case Option():
                    found = misfit(value.text, port) if port and bound_input(value.text) is None else None
                    if found:
                        self._bad(span, f"{subject} has the value {value.text!r}, which {found[1]}", "", found[2])
                case Group():
                    if port is not None and port.type is not PortType.STRING:
                        why = f"The trial gets them as one JSON text, and its input is of type {port.type}"
                        self._bad(span, f"{subject} has several values at once", why, "Declare the input as string")
                    for member in value.members:
                        if not isinstance(member.space, Option):
                            self._space(member.space, f"{subject}, {member.name!r},", None, span)

    def _numeric(self, subject: str, port: InputPort | None, span: Span, *, whole: bool) -> None:
        if port is None:
            return
        if port.type is PortType.BOOLEAN or port.enum:
            kind = "true or false" if port.type is PortType.BOOLEAN else "one of a list"
            self._bad(span, f"{subject} draws numbers", f"The input is {kind}", "Use a choice")
        elif port.type is PortType.INTEGER and not whole:
            what = f"{subject} draws numbers that are not whole, for an input of type integer"
            why = "A trial fails if it cannot read its value"
            self._context.bag.add("W305", span, what, why=why, fix="Declare the input as number, or use randint")

    def _drawable(self, space: Space, name: str, span: Span) -> None:
        algorithm = self._sweep.sampling.algorithm
        match space:
            case Choice():
                fits = True
            case Uniform():
                fits = algorithm is not Algorithm.GRID and not (algorithm is Algorithm.BAYESIAN and space.log)
            case _:
                fits = algorithm is Algorithm.RANDOM
        if not fits:
            what = f"{algorithm.capitalize()} sampling cannot draw from the search space of {name!r}"
            why = f"It knows {_CAN_DRAW[algorithm]} only"
            self._context.bag.add("W511", span, what, why=why, fix="Use random sampling, or another distribution")

    def _settings(self) -> Iterator[Setting]:
        limits, sampling, objective = self._sweep.limits, self._sweep.sampling, self._sweep.objective
        for key, name in _LIMITS.items():
            yield self._setting(key, getattr(limits, name), least=1)
        yield self._setting("logbase", None if sampling.logbase == "e" else sampling.logbase, above=0)
        yield self._setting("seed", sampling.seed, least=0)
        yield from self._policy_settings()
        if objective is not None:
            yield self._setting("primary_metric", objective.metric)
        for parameter in self._sweep.parameters:
            for text in _numbers(parameter.space):
                yield Setting(code="E526", key=parameter.name, text=text, span=parameter.span)

    def _policy_settings(self) -> Iterator[Setting]:
        policy = self._sweep.early_termination
        match policy:
            case None:
                return
            case Bandit():
                yield self._setting("slack_factor", policy.slack_factor, least=0)
                yield self._setting("slack_amount", policy.slack_amount, least=0)
            case TruncationSelection():
                yield self._setting("truncation_percentage", policy.percentage, least=1, most=99)
            case MedianStopping():
                pass
            case _:
                assert_never(policy)
        yield self._setting("evaluation_interval", policy.evaluation_interval, least=0)
        yield self._setting("delay_evaluation", policy.delay_evaluation, least=0)

    def _setting(self, key: str, text: str | None, **limits: float) -> Setting:
        return Setting(code="E527", key=key, text=text, span=self._place(key), **limits)

    def _place(self, key: str) -> Span:
        span = dict(self._sweep.places).get(key, self._node.span)
        return span if span.line else self._node.span

    def _bad(self, span: Span, what: str, why: str, fix: str) -> None:
        self._context.bag.add("E526", span, what, why=why, fix=fix)


def _numbers(space: Space | Option) -> Iterator[str]:
    """Every text that may be an input of the pipeline."""
    match space:
        case Option():
            yield space.text
        case Choice():
            for value in space.values:
                if isinstance(value, Option):
                    yield value.text
                else:
                    for member in value.members:
                        yield from _numbers(member.space)
        case Uniform():
            yield from (space.low, space.high, *([space.step] if space.step else []))
        case Normal():
            yield from (space.mean, space.deviation, *([space.step] if space.step else []))
        case Randint():
            yield space.upper
        case _:
            assert_never(space)
