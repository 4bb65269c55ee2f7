"""Everything that mlc keeps on this machine: images in the engine, environments of the process engine, records."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from mlc.images.cache import cache_root, is_locked
from mlc.images.engine import Engine
from mlc.images.kept_images import EngineImages, KeptImage, look
from mlc.images.uses import Use, uses
from mlc.records import dataclass

ENVIRONMENTS = "environments"
LOCKS = "locks"
MEANING = {
    "built": "what images were built from, for `mlc build --explain`",
    "conda": "what conda channels have",
    "digests": "digests of images in registries",
    "host-python": "the link `python` for steps that run as processes",
    "locks": "locks that builds and runs hold",
    "registry": "which images registries have",
    "resolved": "what indexes said, for locks",
    "sbom": "bills of materials, by lock",
    "used": "which bundle used what, and when",
    "verified": "images that were tried and found good",
}
"""Folders of the cache and what is in them; others have no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEnvironment:
    """An environment of the process engine; ``whole`` is False for what a killed run left half made."""

    folder: Path
    pointer: Path | None
    asks: str
    size: int
    made: float
    whole: bool
    busy: bool

    @property
    def name(self) -> str:
        """Of its folder."""
        return self.folder.name


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFolder:
    """A folder of records in the cache, or a single file beside them."""

    path: Path
    meaning: str
    size: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What is kept. ``images`` is None where no engine could be asked."""

    root: Path
    images: EngineImages | None
    environments: tuple[KeptEnvironment, ...]
    folders: tuple[KeptFolder, ...]
    uses: tuple[Use, ...]

    def bundles(self, item: KeptImage | KeptEnvironment) -> tuple[Path, ...]:
        """The bundles, as far as this machine knows, that still ask for ``item``."""
        return tuple(dict.fromkeys(use.bundle for use in self._uses(item) if use.holds))

    def used(self, item: KeptImage | KeptEnvironment) -> float:
        """When it was last used, in seconds since 1970: noted by mlc, or seen by its containers; else when made."""
        last = max((use.at for use in self._uses(item)), default=0.0)
        return max(last, item.made, item.started if isinstance(item, KeptImage) else 0.0)

    def _uses(self, item: KeptImage | KeptEnvironment) -> list[Use]:
        names = item.references if isinstance(item, KeptImage) else (item.name,)
        return [use for use in self.uses if use.what in names]


def take(engine: Engine | None) -> Inventory:
    """Look at the engine, if there is one, and at the cache folder; nothing is changed."""
    root = cache_root()
    return Inventory(
        root=root,
        images=look(engine) if engine is not None else None,
        environments=_environments(root / ENVIRONMENTS),
        folders=tuple(_folder(path) for path in _entries(root) if path.name != ENVIRONMENTS),
        uses=uses(),
    )


def _environments(root: Path) -> tuple[KeptEnvironment, ...]:
    pointers: dict[str, tuple[Path | None, str]] = {}
    for pointer in root.glob("*.json"):
        try:
            about = json.loads(pointer.read_text(encoding="utf-8"))
            pointers[str(about["folder"])] = (pointer, str(about.get("asks", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    found = []
    for folder in _entries(root):
        if folder.is_dir() and not folder.is_symlink():
            found.append(_environment(folder, *pointers.get(folder.name, (None, ""))))
    return tuple(found)


def _environment(folder: Path, pointer: Path | None, asks: str) -> KeptEnvironment:
    size, _ = _measure(folder)
    key = folder.name.partition("-")[0]
    locks = folder.parent.parent / LOCKS
    return KeptEnvironment(
        folder=folder,
        pointer=pointer,
        asks=asks,
        size=size,
        made=_changed(pointer or folder),
        whole=pointer is not None,
        busy=any(is_locked(lock) for lock in locks.glob(f"environment-{key}*")),
    )


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _folder(path: Path) -> KeptFolder:
    size, files = _measure(path)
    return KeptFolder(path=path, meaning=MEANING.get(path.name, ""), size=size, files=files)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _measure(path: Path) -> tuple[int, int]:
    """Bytes on the disk and number of files; a file with several names counts once, links are not followed."""
    seen: set[tuple[int, int]] = set()
    size = files = 0
    for place in _files(path):
        try:
            about = place.lstat()
        except OSError:
            continue
        files += 1
        if (about.st_dev, about.st_ino) not in seen:
            seen.add((about.st_dev, about.st_ino))
            size += getattr(about, "st_blocks", 0) * 512 or about.st_size
    return size, files


def _files(path: Path) -> Iterable[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)
