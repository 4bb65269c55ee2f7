"""Which builds of PyTorch are taken: PyPI's are for CUDA and bring gigabytes that an environment without a GPU has no
use for; PyTorch's own index has builds for processors.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlc.ir.lock import Lock, LockedPackage

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.ir.image import Image
    from mlc.ir.plan import Plan

TORCH = "torch"
"""The field of a lock's head."""
CPU = "cpu"
FAMILY = frozenset({"torch", "torchvision", "torchaudio"})
"""What PyTorch's index has builds of, and is asked for."""
_FOR_GPU = {"xgboost": frozenset({"nvidia-nccl-cu12", "nvidia-nccl-cu13"})}
"""Packages that load these only when a GPU is used, but ask for them always."""


def torch_of(plan: "Plan", image: "Image", config: "Config") -> str:
    """The kind of builds for ``image``: ``cpu``, ``cu126``, or '' for what the author's indexes have.

    With the setting ``auto``: those for processors, where no step reserves a GPU.
    """
    match config.torch_backend:
        case "off":
            return ""
        case "auto":
            wants_gpu = any(task.reservation.wants_gpu for task in plan.tasks if task.image == image.name)
            return "" if wants_gpu else CPU
        case kind:
            return kind


def relevant(asked: tuple[tuple[str, str], ...], lock: Lock) -> tuple[tuple[str, str], ...]:
    """``asked`` without the kind of PyTorch's builds where ``lock`` has none of them: it made no difference."""
    if concerns(lock.pip):
        return asked
    return tuple(field for field in asked if field[0] != TORCH)


def concerns(packages: Iterable[LockedPackage]) -> bool:
    """Whether there is a package whose builds, or whose company, depend on the kind."""
    return any(package.name in FAMILY or package.name in _FOR_GPU for package in packages)


def without_gpu(packages: tuple[LockedPackage, ...]) -> tuple[LockedPackage, ...]:
    """``packages`` without those that only a GPU needs, as far as nobody but the packages of the table ask for them."""
    asking = {needed: name for name, all_needed in _FOR_GPU.items() for needed in all_needed}
    return tuple(package for package in packages if package.via != (asking.get(package.name),))
