"""``azure.ai.ml.finetuning``, ``azure.ai.ml.model_customization``: jobs of a service, refused where they are made."""

from typing import Any

from mlc.sdk.entities import entity
from mlc.sdk.unsupported import step

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """Lower-case names make jobs, the others are settings and words."""
    if name.startswith("_"):
        raise AttributeError(name)
    if name[:1].isupper():
        return entity(name)
    return lambda **fields: step("finetuning", name, fields)()
