"""``azure.ai.ml.sweep``: search spaces, policies and limits; a sweep itself is refused where it is made."""

from typing import Any

from mlc.sdk.settings import Settings
from mlc.sdk.unsupported import Distribution

__all__ = ["Choice"]

_SPACES = (
    *("Normal", "LogNormal", "QNormal", "QLogNormal", "Randint"),
    *("Uniform", "QUniform", "LogUniform", "QLogUniform"),
)
_made: dict[str, type] = {"Choice": Distribution} | {
    name: type(name, (Distribution,), {"__doc__": "A search space."}) for name in _SPACES
}
Choice = Distribution


def __getattr__(name: str) -> Any:
    """Search spaces, policies, algorithms, limits."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.ai.ml.sweep' has no attribute {name!r}")
    if name not in _made:
        _made[name] = type(name, (Settings,), {"__doc__": f"{name} of a sweep."})
    return _made[name]
