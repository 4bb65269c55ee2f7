"""A sweep: one component run many times, each time with other values of some of its inputs (azureml.md A5.7).

Numbers are text, as in :class:`mlc.ir.pipeline.Literal`: the author's number, or ``${{parent.inputs.x}}`` where it is
an input of the pipeline.
"""

from dataclasses import field
from enum import StrEnum

from mlc.diagnostics import NOWHERE, Span
from mlc.ir.types import PortType
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value; inside of a :class:`Group` it is the same in every trial."""

    text: str
    type: PortType = PortType.STRING


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Several values at once: a trial gets them as one JSON object."""

    members: "tuple[Parameter, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the listed values."""

    values: tuple[Option | Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Between two bounds. ``log``: the bounds are exponents of e; ``step``: rounded to multiples of it."""

    low: str
    high: str
    log: bool = False
    step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Around a mean. ``log`` and ``step`` as of :class:`Uniform`."""

    mean: str
    deviation: str
    log: bool = False
    step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Randint:
    """A whole number from 0 on, below ``upper``."""

    upper: str


Space = Choice | Uniform | Normal | Randint


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """An input of the trial (or a member of a group) and where its values are drawn from."""

    name: str
    space: Choice | Uniform | Normal | Randint | Option
    span: Span = field(default=NOWHERE, compare=False)


class Goal(StrEnum):
    """Which end of the metric is the better one."""

    MINIMIZE = "minimize"
    MAXIMIZE = "maximize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The metric that a trial logs, and which end of it is wanted."""

    metric: str
    goal: Goal
    span: Span = field(default=NOWHERE, compare=False)


class Algorithm(StrEnum):
    """How the next trial's values are chosen."""

    RANDOM = "random"
    GRID = "grid"
    BAYESIAN = "bayesian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The algorithm and, for a random one, its settings. ``rule``: random or sobol; ``logbase``: a number or ``e``."""

    algorithm: Algorithm = Algorithm.RANDOM
    rule: str | None = None
    seed: str | None = None
    logbase: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandit:
    """Stop a trial that is worse than the best one by a factor or an amount."""

    slack_factor: str | None = None
    slack_amount: str | None = None
    evaluation_interval: str | None = None
    delay_evaluation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianStopping:
    """Stop a trial that is worse than the median of the others."""

    evaluation_interval: str | None = None
    delay_evaluation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncationSelection:
    """Stop the worst ``percentage`` of the trials at each evaluation."""

    percentage: str
    evaluation_interval: str | None = None
    delay_evaluation: str | None = None


EarlyTermination = Bandit | MedianStopping | TruncationSelection


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLimits:
    """How many trials, and how long: seconds for the sweep and for one trial. None: not said."""

    trials: str | None = None
    concurrent: str | None = None
    timeout: str | None = None
    trial_timeout: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What makes a sweep of a step. Its outputs are those of the best trial."""

    parameters: tuple[Parameter, ...]
    objective: Objective | None
    """None: the front end has said what is wrong with it."""
    sampling: Sampling = Sampling()
    early_termination: Bandit | MedianStopping | TruncationSelection | None = None
    limits: TrialLimits = TrialLimits()
    places: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    """Where the settings stand, by their keys."""
    span: Span = field(default=NOWHERE, compare=False)
