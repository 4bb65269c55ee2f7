"""The files that every bundle and every image gets as they are: the launcher and the Python shim."""

from functools import cache
from typing import TYPE_CHECKING

from mlc.files import File, FileTree
from mlc.hashing import digest
from mlc.resources import templates

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@cache
def runtime_files() -> FileTree:
    """``runtime/...`` as it stands in a bundle; what starts with ``#!`` is executable."""
    return dict(sorted(_walk(templates() / "runtime", "runtime")))


@cache
def runtime_digest() -> str:
    """SHA-256 (hex) over paths, executable bits and bytes: part of every image's tag."""
    return digest([[path, file.executable, file.digest()] for path, file in runtime_files().items()])


def _walk(folder: "Traversable", prefix: str) -> list[tuple[str, File]]:
    found: list[tuple[str, File]] = []
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _walk(entry, path)
        else:
            content = entry.read_bytes()
            found.append((path, File(content, executable=content.startswith(b"#!"))))
    return found
