"""Writes the local catalog: a version appears as a whole, under its own folder, and never changes afterwards.

The caller holds the catalog's lock; a reader needs none, since folders are renamed into place.
"""

import os
import shutil
from enum import StrEnum
from pathlib import Path

from mlc.catalog.store import CONTENT, ENTRY, Entry, Store
from mlc.diagnostics import Span, fail
from mlc.files import FileTree
from mlc.hashing import canonical_json, digest
from mlc.ir.asset import AssetKind
from mlc.records import dataclass


class Kept(StrEnum):
    """What became of a thing that was to be kept."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be kept. ``version`` None: the next number, or the last version where it has the same content.

    ``file`` is the YAML's path in ``tree``; ``span`` is the place to point at.
    """

    kind: AssetKind
    name: str
    version: str | None
    file: str
    tree: FileTree
    title: str
    span: Span

    @property
    def digest(self) -> str:
        """Of everything but the version."""
        content = [[path, file.digest(), file.executable] for path, file in sorted(self.tree.items())]
        return digest([self.kind, self.name, self.file, content])


def keep(store: Store, draft: Draft, *, force: bool = False) -> tuple[Entry, Kept]:
    """Put ``draft`` into the catalog. ``MlcError`` E521 where its version is there with other content (not ``force``d).

    ``OSError`` where the catalog cannot be written.
    """
    if not (draft.name + (draft.version or "") + draft.title).isprintable():
        what = f"The name, version or place of the {draft.kind} {draft.name!r} is not plain text"
        raise fail("E522", draft.span, what, fix="Rename it: no control characters, no bytes that are not UTF-8")
    known = store.versions(draft.kind, draft.name)
    version = draft.version or _next(store, draft, known)
    there = store.find(draft.kind, draft.name, version) if version in known else None
    if there is not None and there.digest == draft.digest:
        return there, Kept.UNCHANGED
    if there is not None and not force:
        what = f"The catalog has version {version} of the {draft.kind} {draft.name!r}, with other content"
        why = "A version never changes, so that what was built from it stays what it is"
        fix = "Give the new one another version (in its YAML, or with --version), or replace the old one with --force"
        raise fail("E521", draft.span, what, why=why, fix=fix)
    folder = store.folder(draft.kind, draft.name, version)
    _write(draft, version, folder)
    entry = store.find(draft.kind, draft.name, version)
    assert entry is not None
    return entry, Kept.ADDED if there is None else Kept.REPLACED


def remove(store: Store, kind: AssetKind, name: str, version: str | None) -> tuple[str, ...]:
    """Take one version, or all, out of the catalog; which they were."""
    known = store.versions(kind, name)
    gone = known if version is None else tuple(item for item in known if item == version)
    for item in gone:
        folder = store.folder(kind, name, item)
        aside = folder.with_name(f".{folder.name}.{os.getpid()}")
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    if gone == known and gone:
        shutil.rmtree(store.folder(kind, name), ignore_errors=True)
    return gone


def _next(store: Store, draft: Draft, known: tuple[str, ...]) -> str:
    """The last version where it is the same, else the number after the highest one."""
    last = store.find(draft.kind, draft.name, None)
    if last is not None and last.digest == draft.digest:
        return last.version
    return str(max((int(item) for item in known if item.isdecimal()), default=0) + 1)


def _write(draft: Draft, version: str, folder: Path) -> None:
    """Complete beside its place, then renamed into it."""
    scratch = folder.with_name(f".{folder.name}.{os.getpid()}")
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        unpack(draft.tree, scratch / CONTENT)
        (scratch / ENTRY).write_text(canonical_json(_described(draft, version)) + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(aside)
        scratch.rename(folder)
    finally:
        for left in (scratch, aside):  # what a killed program left has another name, and is never looked at
            shutil.rmtree(left, ignore_errors=True)


def unpack(tree: FileTree, folder: Path) -> None:
    """Write the files of ``tree`` below ``folder``."""
    for path, file in sorted(tree.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(file.content, bytes):
            target.write_bytes(file.content)
        else:
            shutil.copyfile(file.content, target)
        target.chmod(file.mode)


def _described(draft: Draft, version: str) -> dict[str, object]:
    return {
        "name": draft.name,
        "version": version,
        "file": draft.file,
        "digest": draft.digest,
        "title": draft.title,
        "files": len(draft.tree),
    }
