"""``mldesigner``."""

from typing import Any

from mlc.sdk.annotations import Meta
from mlc.sdk.group import group
from mlc.sdk.inert import Inert
from mlc.sdk.ports import Input, Output
from mlc.sdk.python_component import command_component

__version__ = "0.1.0b23"

__all__ = ["Input", "Meta", "Output", "__version__", "command_component", "group"]

_TOOLS = ("compile", "execute", "generate", "get_io_context", "get_root_pipeline_context", "reference_component")


def __getattr__(name: str) -> Any:
    """Its tools and what they know of a running step: nothing runs here."""
    if name in _TOOLS or name[:1].isupper():
        return Inert(f"mldesigner.{name}")
    raise AttributeError(f"module 'mldesigner' has no attribute {name!r}")
