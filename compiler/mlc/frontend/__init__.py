"""Any source -> ``ir.Pipeline``: Python scripts, notebooks, pipeline YAML. The only hop of the compiler that reads."""

from dataclasses import dataclass
from pathlib import Path

from mlc.diagnostics import Bag
from mlc.ir.pipeline import Pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to load: the script's own arguments, and which pipeline where a source has several (None: the only one)."""

    arguments: tuple[str, ...] = ()
    pipeline: str | None = None
    component_paths: tuple[Path, ...] = ()
    """Folders to look for components by name, besides the source's own tree."""


def load(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """Read ``source`` by its suffix (.py, .ipynb, .yml, .yaml). None: the bag says why there is no pipeline."""
    raise NotImplementedError
