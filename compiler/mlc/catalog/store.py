"""The local catalog: a folder of the user's with one folder per version of each thing, as ``keep`` writes it.

``<root>/<kinds>/<name>/<version>/entry.json`` says what it is; ``content/`` holds its files as they lay on the disk
of its author: the YAML, code, conda files. A version never changes once it is there.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from mlc.catalog.tree import rank
from mlc.config import Config
from mlc.diagnostics import Span, fail
from mlc.ir.asset import AssetKind
from mlc.records import dataclass

ENTRY = "entry.json"
CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of one thing. ``file`` is its YAML in the catalog; ``digest`` is of all its content."""

    kind: AssetKind
    name: str
    version: str
    file: Path
    digest: str
    title: str = ""
    """What ``list`` shows beside the name: a description, or where data is."""
    files: int = 1


def catalog_root(config: Config, environ: Mapping[str, str] | None = None) -> Path:
    """``$MLC_CATALOG_DIR``, else ``catalog`` of the configuration, else ``mlc/catalog`` of the user's data folder."""
    env = os.environ if environ is None else environ
    if own := env.get("MLC_CATALOG_DIR"):
        return Path(own).absolute()
    if config.catalog is not None:
        return config.catalog
    if base := env.get("XDG_DATA_HOME"):
        return Path(base).absolute() / "mlc" / "catalog"
    return Path(env.get("HOME") or Path.home()).absolute() / ".local" / "share" / "mlc" / "catalog"


class Store:
    """Reads the catalog at ``root``, which need not exist. ``MlcError`` (E524) where an entry is damaged."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def find(self, kind: AssetKind, name: str, version: str | None) -> Entry | None:
        """The entry of that version, or of the highest."""
        known = self.versions(kind, name)
        if not known or (version is not None and version not in known):
            return None
        return self._entry(kind, self.folder(kind, name, version or known[-1]))

    def versions(self, kind: AssetKind, name: str) -> tuple[str, ...]:
        """The versions of one name, the highest last."""
        found = [_name(item) for item in _folders(self.folder(kind, name))]
        return tuple(sorted(found, key=lambda version: (rank(version), version)))

    def entries(self, kind: AssetKind) -> tuple[Entry, ...]:
        """Everything of a kind, by name and version."""
        names = sorted(_name(item) for item in _folders(self.root / kind.plural))
        return tuple(
            self._entry(kind, self.folder(kind, name, version))
            for name in names
            for version in self.versions(kind, name)
        )

    def folder(self, kind: AssetKind, name: str, version: str | None = None) -> Path:
        """Where a name, or one version of it, has its place."""
        folder = self.root / kind.plural / _file_name(name)
        return folder if version is None else folder / _file_name(version)

    def _entry(self, kind: AssetKind, folder: Path) -> Entry:
        path = folder / ENTRY
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return Entry(
                kind=kind,
                name=str(found["name"]),
                version=str(found["version"]),
                file=folder / CONTENT / str(found["file"]),
                digest=str(found["digest"]),
                title=str(found["title"]),
                files=int(found["files"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as problem:
            what = f"The local catalog's entry {folder.parent.name!r} version {folder.name!r} is damaged"
            fix = "Remove its folder, and add it again"
            raise fail("E524", Span(str(path)), what, why=str(problem), fix=fix) from problem


def _folders(folder: Path) -> list[str]:
    """The folders in ``folder`` that are complete: names with a dot in front are being written."""
    try:
        with os.scandir(folder) as listed:
            return [entry.name for entry in listed if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []


def _name(folder: str) -> str:
    return unquote(folder, errors="surrogatepass")


def _file_name(text: str) -> str:
    """A name or version as the name of a folder: no separators, no dot in front, on any system."""
    quoted = quote(text.encode("utf-8", "surrogatepass"), safe="")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted
