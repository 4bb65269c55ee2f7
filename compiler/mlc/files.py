"""Trees of files in memory, and the one writer that touches the disk.

A back end returns a :class:`FileTree`; :func:`write_tree` puts it below one root: atomically (the new tree is
complete before it takes the old one's place), only if something changed, never outside the root, and removing only
what an earlier call wrote (``.mlc-manifest.json`` in the root says which files those are).
"""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mlc.hashing import digest_bytes, digest_file
from mlc.records import dataclass

MANIFEST = ".mlc-manifest.json"
STEP_USER = (1000, 1000)
"""``MLC_UID`` and ``MLC_GID`` of a fresh bundle."""


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


def make_folder(path: Path) -> None:
    """Have a folder there for steps to write to. What root makes belongs to the user that steps run as by default."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir()
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            os.chown(path, *STEP_USER)


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
    if (
        not pure.name
        or pure.is_absolute()
        or ".." in pure.parts
        or str(pure) != path
        or path == MANIFEST
        or "\0" in path
    ):
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
    """Build the new tree beside the old one, rename one for the other, then carry over what is not ours."""
    import shutil  # these two take 4 ms, and mostly nothing has changed
    import tempfile

    root.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    fresh, old = scratch / "new", scratch / "old"
    try:
        _put_all(tree, fresh)
        if root.exists():
            root.rename(old)
        try:
            fresh.rename(root)
        except OSError:
            if old.exists():
                old.rename(root)
            raise
        if old.exists():
            _carry_over(old, root, "", owned | {MANIFEST})
    except BaseException:
        # A user's file may still be in the old tree: then nothing is thrown away.
        shutil.rmtree(fresh, ignore_errors=True)
        if not old.exists():
            scratch.rmdir()
        raise
    shutil.rmtree(scratch, ignore_errors=True)


def _put_all(tree: FileTree, fresh: Path) -> None:
    from shutil import copyfile

    fresh.mkdir()
    for path, file in sorted(tree.items()):
        target = fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(file.content, bytes):
            target.write_bytes(file.content)
        else:
            copyfile(file.content, target)
        target.chmod(file.mode)
    (fresh / MANIFEST).write_bytes(json.dumps({"files": sorted(tree)}, indent=1).encode() + b"\n")
    (fresh / MANIFEST).chmod(0o644)
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)


def _carry_over(old: Path, new: Path, prefix: str, owned: set[str]) -> None:
    """Move what others put into the old tree (notes, results, run records); whole folders stay the same folder."""
    for entry in sorted(os.scandir(old), key=lambda found: found.name):
        path, target = f"{prefix}{entry.name}", new / entry.name
        if path in owned:
            continue
        if not entry.is_dir(follow_symlinks=False):
            if not os.path.lexists(target):
                Path(entry).rename(target)
        elif target.is_dir():
            _carry_over(Path(entry), target, f"{path}/", owned)
        elif not os.path.lexists(target):
            if any(name.startswith(f"{path}/") for name in owned):
                _carry_partly(Path(entry), target, f"{path}/", owned)
            else:
                Path(entry).rename(target)


def _carry_partly(old: Path, target: Path, prefix: str, owned: set[str]) -> None:
    target.mkdir()
    _carry_over(old, target, prefix, owned)
    with contextlib.suppress(OSError):
        target.rmdir()  # succeeds exactly if all of it was ours
