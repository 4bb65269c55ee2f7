"""``mldesigner``."""

from mlc.sdk.annotations import Meta
from mlc.sdk.group import group
from mlc.sdk.ports import Input, Output
from mlc.sdk.python_component import command_component

__version__ = "0.1.0b23"

__all__ = ["Input", "Meta", "Output", "__version__", "command_component", "group"]
