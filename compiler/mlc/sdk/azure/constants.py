"""``azure.ai.ml.constants``: words."""

from typing import Any

from mlc.ir.types import Mode, PortType
from mlc.sdk.inert import Inert


class AssetTypes:
    """Types of data."""

    URI_FILE = PortType.URI_FILE.value
    URI_FOLDER = PortType.URI_FOLDER.value
    MLTABLE = PortType.MLTABLE.value
    MLFLOW_MODEL = PortType.MLFLOW_MODEL.value
    TRITON_MODEL = PortType.TRITON_MODEL.value
    CUSTOM_MODEL = PortType.CUSTOM_MODEL.value


class InputTypes:
    """Types of values."""

    INTEGER = PortType.INTEGER.value
    NUMBER = PortType.NUMBER.value
    STRING = PortType.STRING.value
    BOOLEAN = PortType.BOOLEAN.value


class InputOutputModes:
    """How data reaches a step."""

    MOUNT = Mode.MOUNT.value
    DOWNLOAD = Mode.DOWNLOAD.value
    UPLOAD = Mode.UPLOAD.value
    RO_MOUNT = Mode.RO_MOUNT.value
    RW_MOUNT = Mode.RW_MOUNT.value
    EVAL_MOUNT = Mode.EVAL_MOUNT.value
    EVAL_DOWNLOAD = Mode.EVAL_DOWNLOAD.value
    DIRECT = Mode.DIRECT.value


class DistributionType:
    """Kinds of distribution."""

    MPI = "mpi"
    TENSORFLOW = "tensorflow"
    PYTORCH = "pytorch"
    RAY = "ray"


class ModelType:
    """Kinds of models, as the service spells them."""

    CUSTOM = "CustomModel"
    MLFLOW = "MLFlowModel"
    TRITON = "TritonModel"


__all__ = ["AssetTypes", "DistributionType", "InputOutputModes", "InputTypes", "ModelType"]


def __getattr__(name: str) -> Any:
    """Words that mean nothing to a bundle."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.ai.ml.constants' has no attribute {name!r}")
    return Inert(name)
