"""Environments by name among the YAML files of a source's tree: a quick search of the text, no parsing."""

import os
import re
from pathlib import Path

_NAME = re.compile(rb"""^name:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_VERSION = re.compile(rb"""^version:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_ENVIRONMENT = re.compile(rb"^(?:image|conda_file|build):|environment\.schema\.json", re.MULTILINE)
_NOT_ENVIRONMENT = re.compile(rb"^(?:command|jobs|entry_script|task|trial|endpoint_name):", re.MULTILINE)
_SKIP = frozenset({"__pycache__", "node_modules", "site-packages", "out"})
_LARGEST = 256 * 1024


def find(folders: tuple[Path, ...], name: str, version: str | None) -> Path | None:
    """The YAML file of the environment ``name``: of that version, else of the highest.

    ``version`` None or ``latest`` takes any; a file without a version serves every version. Of several files that
    serve, the first folder of ``folders`` counts, then the file nearest to it, then the alphabet.
    """
    wanted = None if version in (None, "latest") else version
    for folder in folders:
        found = [(file, has) for file, has in _named(folder, name.encode()) if wanted is None or has in (None, wanted)]
        if found:
            highest = max(_rank(has) for _, has in found)
            return next(file for file, has in found if _rank(has) == highest)
    return None


def _named(folder: Path, name: bytes) -> list[tuple[Path, str | None]]:
    found = []
    for file in _yaml_files(folder):
        text = _start(file)
        at = _NAME.search(text)
        if at and at[1] == name and _ENVIRONMENT.search(text) and not _NOT_ENVIRONMENT.search(text):
            version = _VERSION.search(text)
            found.append((file, version[1].decode(errors="replace") if version else None))
    return found


def _yaml_files(folder: Path) -> list[Path]:
    """All YAML files below ``folder``, the nearest first; hidden folders and installed packages are left out."""
    files = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIP)
        files += [Path(place, name) for name in names if name.endswith((".yml", ".yaml"))]
    return sorted(files, key=lambda file: (len(file.parts), file))


def _start(file: Path) -> bytes:
    try:
        if not file.is_file():  # a pipe would never end
            return b""
        with file.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""


def _rank(version: str | None) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() and len(part) < 20 else 0 for part in re.split(r"[.-]", version or "0"))
