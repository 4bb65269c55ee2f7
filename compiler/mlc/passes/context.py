"""What passes know besides the IR: configuration, the bag for diagnostics, where the bundle will be."""

from dataclasses import field
from pathlib import Path
from typing import Protocol

from mlc.config import Config
from mlc.diagnostics import Bag
from mlc.ir.asset import Names, NoNames
from mlc.ir.image import Image
from mlc.ir.lock import Lock
from mlc.ir.plan import Plan
from mlc.records import dataclass


class Locks(Protocol):
    """Finds the lock of an image's environment; what is wrong with it (stale, missing) is told where it is found."""

    def lock_of(self, plan: Plan, image: Image) -> Lock | None:
        """The lock that holds for ``image``; None: its environment is installed without one."""


class NoLocks:
    """Everything is installed without a lock."""

    def lock_of(self, plan: Plan, image: Image) -> Lock | None:
        """None."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every pass. ``bundle`` is the absolute path of the output folder (data paths are relative to it)."""

    config: Config
    bag: Bag
    bundle: Path
    source: Path
    vendor_data: bool = False
    for_bundle: bool = True
    """Whether the plan is to be built and run: what mlc can only plan is an error then, else a warning."""
    runtime_digest: str = ""
    """Of the files that every image gets (launcher, shim): part of each image's tag."""
    names: Names = field(default_factory=NoNames)
    """The catalog's look-up, passed in because passes do not see the catalog."""
    locks: Locks = field(default_factory=NoLocks)
    """Where locks of environments come from, passed in because passes do not see the image cache."""
