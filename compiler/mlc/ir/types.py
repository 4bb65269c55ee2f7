"""The closed sets of Azure ML's words that every other type uses: types of ports, modes, small aliases."""

from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]
"""A small map of text to text, in the author's order."""


class PortType(StrEnum):
    """Types of inputs and outputs, spelled as in Azure ML (case-sensitive there too)."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    URI_FILE = "uri_file"
    URI_FOLDER = "uri_folder"
    MLTABLE = "mltable"
    MLFLOW_MODEL = "mlflow_model"
    CUSTOM_MODEL = "custom_model"
    TRITON_MODEL = "triton_model"

    @property
    def is_data(self) -> bool:
        """A file or folder, as opposed to a value."""
        return self not in _VALUES

    @property
    def is_file(self) -> bool:
        """One file; every other data type is treated as a folder."""
        return self is PortType.URI_FILE


_VALUES = frozenset({PortType.STRING, PortType.NUMBER, PortType.INTEGER, PortType.BOOLEAN})


class Mode(StrEnum):
    """How data reaches a step. Containers know three classes: path-like, and ``direct`` (the URI as text)."""

    RO_MOUNT = "ro_mount"
    RW_MOUNT = "rw_mount"
    MOUNT = "mount"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    DIRECT = "direct"
    EVAL_MOUNT = "eval_mount"
    EVAL_DOWNLOAD = "eval_download"
