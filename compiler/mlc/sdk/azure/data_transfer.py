"""``azure.ai.ml.data_transfer``: refused where it is used."""

from typing import Any

from mlc.sdk.entities import entity
from mlc.sdk.unsupported import data_transfer

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """Lower-case names are tasks, the others settings."""
    if name.startswith("_"):
        raise AttributeError(name)
    return entity(name) if name[:1].isupper() else data_transfer(name)
