"""What a step finds as ``mlc``: enough to import a module of components and to run one of its functions.

This is not the compiler. Any Python from 3.6 on, nothing installed. Names that a running step has no use for (clients,
entities, pipelines) exist and do nothing.
"""

from mlc._declare import (
    AssetTypes,
    Input,
    InputOutputModes,
    Meta,
    Output,
    command_component,
    group,
)
from mlc._standin import fill, install

__all__ = ["AssetTypes", "Input", "InputOutputModes", "Meta", "Output", "command_component", "group"]

install()
fill(__name__)
