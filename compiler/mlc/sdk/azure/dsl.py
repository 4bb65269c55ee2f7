"""``azure.ai.ml.dsl``, its ``_mldesigner``, and ``mldesigner.dsl``."""

from typing import Any

from mlc.sdk.definition import set_pipeline_settings
from mlc.sdk.group import group
from mlc.sdk.pipeline import pipeline
from mlc.sdk.unsupported import step

__all__ = ["condition", "do_while", "group", "parallel_for", "pipeline", "set_pipeline_settings"]


def condition(*_: Any, **__: Any) -> Any:
    """A preview feature; the node is refused by name."""
    return step("if_else", "conditionnode", {})()


def do_while(*_: Any, **__: Any) -> Any:
    """A preview feature; the node is refused by name."""
    return step("do_while", "dowhile", {})()


def parallel_for(*_: Any, **__: Any) -> Any:
    """A preview feature; the node is refused by name."""
    return step("parallel_for", "parallelfor", {})()


def __getattr__(name: str) -> Any:
    """Further preview features of ``mldesigner.dsl``, refused by name as well."""
    if name not in {"ParallelFor", "condition_output", "dynamic"}:
        raise AttributeError(f"module 'azure.ai.ml.dsl' has no attribute {name!r}")
    kind = "parallel_for" if name == "ParallelFor" else name
    return lambda *_, **__: step(kind, kind, {})()
