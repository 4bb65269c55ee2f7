"""``azure.ai.ml.sweep``: search spaces, policies, algorithms, limits."""

from typing import Any

from mlc.sdk.azure.kinds import SweepJob
from mlc.sdk.settings import Settings
from mlc.sdk.sweep import (
    BanditPolicy,
    BayesianSamplingAlgorithm,
    Choice,
    GridSamplingAlgorithm,
    LogNormal,
    LogUniform,
    MedianStoppingPolicy,
    Normal,
    Objective,
    QLogNormal,
    QLogUniform,
    QNormal,
    QUniform,
    Randint,
    RandomSamplingAlgorithm,
    SweepJobLimits,
    TruncationSelectionPolicy,
    Uniform,
)

__all__ = [
    "BanditPolicy",
    "BayesianSamplingAlgorithm",
    "Choice",
    "GridSamplingAlgorithm",
    "LogNormal",
    "LogUniform",
    "MedianStoppingPolicy",
    "Normal",
    "Objective",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "Randint",
    "RandomSamplingAlgorithm",
    "SweepJob",
    "SweepJobLimits",
    "TruncationSelectionPolicy",
    "Uniform",
]

_made: dict[str, type] = {}


def __getattr__(name: str) -> Any:
    """Other classes of the reference, which hold what they are given."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.ai.ml.sweep' has no attribute {name!r}")
    if name not in _made:
        _made[name] = type(name, (Settings,), {"__doc__": f"{name} of a sweep."})
    return _made[name]
