"""Where templates/ and components/ are: inside the installed wheel, or beside compiler/ in a checkout."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@cache
def _find(name: str) -> "Traversable":
    shipped = Path(__file__).parent / name
    if shipped.is_dir():
        return shipped
    for parent in Path(__file__).resolve().parents:
        if (parent / "pyproject.toml").is_file() and (parent / name).is_dir():
            return parent / name
    # Last, because it takes 4 ms: an installation inside of an archive.
    from importlib.resources import files

    zipped = files("mlc") / name
    if zipped.is_dir():
        return zipped
    raise FileNotFoundError(f"mlc is installed without its {name}/ folder; reinstall it")


def templates() -> "Traversable":
    """The folder of Jinja2 templates and of the files that are copied into bundles as they are."""
    return _find("templates")


def components() -> "Traversable":
    """The folder of the component library and the example pipeline shipped with mlc."""
    return _find("components")
