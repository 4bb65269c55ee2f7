"""Runs a plan on an engine: what starts, in which order, what is reused, how it ended, where the results are.

Everything is fetched when it is first used, so that commands which do not run anything pay nothing for it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlc.runner.gpu import find_gpus
    from mlc.runner.inputs import overrides
    from mlc.runner.mlflow_store import RunMetrics, metrics
    from mlc.runner.options import EngineChoice, GpuChoice, RunOptions
    from mlc.runner.record import RunRecord, StepRecord, list_runs, to_json
    from mlc.runner.results import OutputPlace, fetch_outputs, outputs
    from mlc.runner.running import run

__all__ = [
    "EngineChoice",
    "GpuChoice",
    "OutputPlace",
    "RunMetrics",
    "RunOptions",
    "RunRecord",
    "StepRecord",
    "fetch_outputs",
    "find_gpus",
    "list_runs",
    "metrics",
    "outputs",
    "overrides",
    "run",
    "to_json",
]

_HOMES = {
    "gpu": ("find_gpus",),
    "inputs": ("overrides",),
    "mlflow_store": ("RunMetrics", "metrics"),
    "options": ("EngineChoice", "GpuChoice", "RunOptions"),
    "results": ("OutputPlace", "fetch_outputs", "outputs"),
    "record": ("RunRecord", "StepRecord", "list_runs", "to_json"),
    "running": ("run",),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"mlc.runner.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
