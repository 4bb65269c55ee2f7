"""What passes know besides the IR: configuration, the bag for diagnostics, where the bundle will be."""

from dataclasses import field
from pathlib import Path

from mlc.config import Config
from mlc.diagnostics import Bag
from mlc.ir.asset import Names, NoNames
from mlc.ir.lock import Locks, NoLocks
from mlc.records import dataclass


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
