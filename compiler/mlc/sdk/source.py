"""What ``load_component`` and its siblings are asked for, as the front end gets it."""

from pathlib import Path
from typing import Any

from mlc.records import dataclass


@dataclass(slots=True, kw_only=True)
class Source:
    """What is to be loaded. ``content`` (a dict, or text) stands for what the file ``path`` would hold."""

    path: Path
    content: Any = None
    overrides: list[dict[str, Any]]
    """Dotted keys and values that count instead of what stands there."""
