"""What a user may say about how a source is loaded."""

from dataclasses import field

from mlc.ir.asset import Names, NoNames
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to load: the script's own arguments, and which pipeline where a source has several (None: the only one)."""

    arguments: tuple[str, ...] = ()
    pipeline: str | None = None
    names: Names = field(default_factory=NoNames)
    """Finds components by name, and what scripts ask a client for."""
