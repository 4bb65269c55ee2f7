"""What a user may say about how a source is loaded."""

from pathlib import Path

from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to load: the script's own arguments, and which pipeline where a source has several (None: the only one)."""

    arguments: tuple[str, ...] = ()
    pipeline: str | None = None
    component_paths: tuple[Path, ...] = ()
    """Folders to look for components by name, besides the source's own tree."""
