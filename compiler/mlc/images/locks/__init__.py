"""Locks of environments: files beside the source that say what exactly is installed (docs/locks.md).

``ReadLocks`` takes them as they are. ``MakeLocks`` makes and updates them, and is fetched when it is first used: most
compilations resolve nothing.
"""

from typing import TYPE_CHECKING, Any

from mlc.images.locks.reading import ReadLocks
from mlc.images.locks.standing import Outcome, Standing, State, lock_path, standing

if TYPE_CHECKING:
    from mlc.images.locks.base_digest import BaseDigests
    from mlc.images.locks.making import MakeLocks
    from mlc.images.locks.uv import Update

__all__ = ["BaseDigests", "MakeLocks", "Outcome", "ReadLocks", "Standing", "State", "Update", "lock_path", "standing"]


def __getattr__(name: str) -> Any:
    if name == "MakeLocks":
        from mlc.images.locks.making import MakeLocks

        return MakeLocks
    if name == "BaseDigests":
        from mlc.images.locks.base_digest import BaseDigests

        return BaseDigests
    if name == "Update":
        from mlc.images.locks.uv import Update

        return Update
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
