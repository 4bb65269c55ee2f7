"""Trees of files in memory, and the one writer that touches the disk.

A back end returns a :class:`FileTree`; :func:`write_tree` puts it below one root: atomically (the new tree is
complete before it takes the old one's place), only if something changed, never outside the root, and removing only
what an earlier call wrote (``.mlc-manifest.json`` in the root says which files those are).
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlc.hashing import digest_bytes, digest_file

MANIFEST = ".mlc-manifest.json"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a tree: its bytes, or the path of a (large) file to copy; permissions are 0644 or 0755."""

    content: bytes | Path
    executable: bool = False

    def read(self) -> bytes:
        """The bytes, from memory or from the disk."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return digest_bytes(self.content) if isinstance(self.content, bytes) else digest_file(self.content)

    @property
    def mode(self) -> int:
        """Permission bits, whatever the umask is."""
        return 0o755 if self.executable else 0o644


FileTree = Mapping[str, File]
"""Relative POSIX path -> file. Paths are normal (no ``..``, no leading slash)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What :func:`write_tree` did: paths that are new, that changed, that were removed; how many stayed."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the disk was left as it was."""
        return not (self.added or self.changed or self.removed)


def write_tree(tree: FileTree, root: Path) -> Written:
    """Make ``root`` hold ``tree``. Files of other owners there are kept; raises ``ValueError`` for a path outside."""
    for path in tree:
        _check_inside(path)
    root = root.absolute()
    owned = _owned(root)
    added, changed = [], []
    for path, file in sorted(tree.items()):
        target = root / path
        if not target.is_symlink() and target.is_file():
            if not _same(file, target):
                changed.append(path)
        else:
            added.append(path)
    removed = sorted(path for path in owned - set(tree) if (root / path).is_file())
    done = Written(tuple(added), tuple(changed), tuple(removed), len(tree) - len(added) - len(changed))
    if not done.nothing or owned != set(tree):
        _swap(tree, root, owned)
    return done


def _check_inside(path: str) -> None:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or str(pure) != path or path == MANIFEST or "\0" in path:
        raise ValueError(f"{path!r} is not a path inside the output folder")


def _owned(root: Path) -> set[str]:
    try:
        return set(json.loads((root / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _same(file: File, target: Path) -> bool:
    info = target.stat()
    if info.st_mode & 0o777 != file.mode:
        return False
    if isinstance(file.content, bytes):
        return info.st_size == len(file.content) and target.read_bytes() == file.content
    return info.st_size == file.content.stat().st_size and digest_file(target) == digest_file(file.content)


def _swap(tree: FileTree, root: Path, owned: set[str]) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(root) as scratch:
        fresh = scratch / "new"
        for path, file in sorted(tree.items()):
            _put(file, fresh / path)
        _put(File(json.dumps({"files": sorted(tree)}, indent=1).encode() + b"\n"), fresh / MANIFEST)
        _keep_others(root, fresh, owned)
        if root.exists():
            root.rename(scratch / "old")
        try:
            fresh.rename(root)
        except OSError:
            if (scratch / "old").exists():
                (scratch / "old").rename(root)
            raise


@contextlib.contextmanager
def _scratch(root: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(file: File, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in (target.parent, *target.parent.parents):
        if folder.name == "new":
            folder.chmod(0o755)
            break
        folder.chmod(0o755)
    if isinstance(file.content, bytes):
        target.write_bytes(file.content)
    else:
        shutil.copyfile(file.content, target)
    target.chmod(file.mode)


def _keep_others(root: Path, fresh: Path, owned: set[str]) -> None:
    """Hard-link what is not ours from the old tree into the new one (a user's notes, copied-out results)."""
    for folder, _, names in os.walk(root):
        for name in names:
            old = Path(folder) / name
            path = old.relative_to(root).as_posix()
            new = fresh / path
            if path in owned or path == MANIFEST or new.exists():
                continue
            new.parent.mkdir(parents=True, exist_ok=True)
            os.link(old, new, follow_symlinks=False)
