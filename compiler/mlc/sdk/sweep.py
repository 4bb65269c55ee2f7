"""Search spaces, policies, limits and the other words of a sweep, and what ``node.sweep(...)`` sets on its node.

A sweep's node is a plain one with these settings; the front end reads them as it reads YAML (:func:`plain`).
"""

from collections.abc import Iterable
from typing import Any

from mlc.ir.types import PortType
from mlc.sdk.session import session
from mlc.sdk.settings import Settings, as_settings
from mlc.sdk.values import literal, nearest


class Space:
    """Values to search over. As an input of a node that is not swept it is a mistake."""

    type = ""
    names: tuple[str, ...] = ()
    _mlc_distribution_ = PortType.NUMBER

    def __init__(self, *positional: Any, **named: Any) -> None:
        self.__dict__.update(dict(zip(self.names, positional, strict=False)) | named)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in vars(self).items())})"


class Choice(Space):
    """One of the values of a list."""

    type = "choice"
    names = ("values",)

    @property
    def _mlc_distribution_(self) -> PortType:  # type: ignore[override]
        """The type of an input that is declared by it: that of its values."""
        values = vars(self).get("values")
        kinds = [literal(value) for value in values] if isinstance(values, Iterable) else []
        found = {kind[0] if kind else PortType.STRING for kind in kinds}
        if found <= {PortType.INTEGER, PortType.NUMBER} and len(found) == 2:
            return PortType.NUMBER
        return found.pop() if len(found) == 1 else PortType.STRING


class Normal(Space):
    """Around a mean."""

    type = "normal"
    names: tuple[str, ...] = ("mu", "sigma")


class LogNormal(Normal):
    """The logarithm is around a mean."""

    type = "lognormal"


class QNormal(Normal):
    """Around a mean, in steps."""

    type = "qnormal"
    names = ("mu", "sigma", "q")


class QLogNormal(QNormal):
    """The logarithm is around a mean, in steps."""

    type = "qlognormal"


class Randint(Space):
    """A whole number below a bound."""

    type = "randint"
    names = ("upper",)
    _mlc_distribution_ = PortType.INTEGER


class Uniform(Space):
    """Between two bounds."""

    type = "uniform"
    names: tuple[str, ...] = ("min_value", "max_value")


class LogUniform(Uniform):
    """The logarithm is between two bounds."""

    type = "loguniform"


class QUniform(Uniform):
    """Between two bounds, in steps."""

    type = "quniform"
    names = ("min_value", "max_value", "q")


class QLogUniform(QUniform):
    """The logarithm is between two bounds, in steps."""

    type = "qloguniform"


class BanditPolicy(Settings):
    """slack_factor or slack_amount, evaluation_interval, delay_evaluation."""

    type = "bandit"


class MedianStoppingPolicy(Settings):
    """evaluation_interval, delay_evaluation."""

    type = "median_stopping"


class TruncationSelectionPolicy(Settings):
    """truncation_percentage, evaluation_interval, delay_evaluation."""

    type = "truncation_selection"


class RandomSamplingAlgorithm(Settings):
    """rule, seed, logbase."""

    type = "random"


class GridSamplingAlgorithm(Settings):
    """Every combination."""

    type = "grid"


class BayesianSamplingAlgorithm(Settings):
    """By what was found so far."""

    type = "bayesian"


class SweepJobLimits(Settings):
    """max_total_trials, max_concurrent_trials, timeout, trial_timeout."""


class Objective(Settings):
    """goal, primary_metric."""


LIMITS = ("max_total_trials", "max_concurrent_trials", "timeout", "trial_timeout")
SETTINGS = ("search_space", "objective", "sampling_algorithm", "early_termination", "limits")
"""What a sweep's node says; attributes that may be set anew."""
_OTHERS = ("compute", "identity", "queue_settings", "job_tier", "priority")


def sweep_settings(given: dict[str, Any], spaces: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a sweep's node, of the arguments of ``node.sweep()`` and what the node was called with."""
    known = {"primary_metric", "goal", "sampling_algorithm", "early_termination_policy", "search_space"}
    for name in given.keys() - known - set(LIMITS) - set(_OTHERS):
        fix = nearest(name, sorted(known | set(LIMITS)))
        session().report("W204", f"sweep() has no parameter {name!r}", why="It has no effect", fix=fix)
    more = given.get("search_space")
    return {
        "search_space": spaces | (more if isinstance(more, dict) else {}),
        "objective": Objective(goal=given.get("goal"), primary_metric=given.get("primary_metric")),
        "sampling_algorithm": given.get("sampling_algorithm") or "random",
        "early_termination": given.get("early_termination_policy"),
        "limits": as_settings({name: given[name] for name in LIMITS if given.get(name) is not None}, SweepJobLimits),
    }


def plain(value: Any) -> Any:
    """Settings and search spaces as mappings, lists and plain values; None is left out of mappings."""
    if isinstance(value, Space | Settings):
        kind = {"type": value.type} if isinstance(value.type, str) and value.type else {}
        return plain(kind | vars(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if (known := literal(value)) is not None:
        return _python(*known)
    if isinstance(value, list | tuple | set | range):
        return [plain(item) for item in value]
    return plain(value.tolist()) if hasattr(type(value), "tolist") else value


def _python(kind: PortType, text: str) -> Any:
    """The plain value: numpy's numbers and enums as what they stand for."""
    match kind:
        case PortType.BOOLEAN:
            return text == "True"
        case PortType.INTEGER:
            return int(text)
        case PortType.NUMBER:
            return float(text)
    return text
