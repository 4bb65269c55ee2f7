"""``azure.ai.ml.automl``: tasks make nodes that are refused by name; settings are inert."""

from typing import Any

from mlc.sdk.entities import entity
from mlc.sdk.unsupported import automl

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """Lower-case names are tasks, the others settings and words."""
    if name.startswith("_"):
        raise AttributeError(name)
    return entity(name) if name[:1].isupper() else automl(name)
