"""The files that a snapshot is made of, found in one folder after another."""

import os
import re
import stat
from dataclasses import field
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.files import MANIFEST, File
from mlc.frontend.ignore import Rules
from mlc.frontend.text import READ
from mlc.records import dataclass

IN_MEMORY = 1 << 20
"""Bytes up to which a file is read at once; larger ones stay on the disk until they are written."""
BUDGET = 16 << 20
"""Bytes of small files that one snapshot holds in memory."""
_RECORDS = frozenset({MANIFEST, ".hydra"})
"""What marks a folder as one of our bundles, or as Hydra's record of a run of the script: each load makes a new one."""
_LOCK = re.compile(r"(?:.*/)?locks/[^/]+/[^/]+\.linux-(?:amd64|arm64)\.txt")
"""Locks of environments lie beside the source; they are no code, and a new lock changes none."""
MOST_FILES = 50_000
"""Files of one snapshot; more means that the wrong folder is named (``/``, a home folder)."""
DEEPEST = 200
"""Levels of folders; more is an accident."""


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one; a link to itself is neither."""
    try:
        return entry.is_dir()
    except OSError:
        return False


@dataclass(slots=True)
class Collected:
    """The files found so far, by relative POSIX path."""

    bag: Bag
    span: Span
    files: dict[str, File] = field(default_factory=dict)
    held: int = 0
    failed: bool = False
    full: bool = False

    def add(self, path: Path, name: str, rules: Rules) -> None:
        """Add the file or folder ``path`` as ``name`` ('' for the root itself)."""
        if path.is_dir():
            self._folder(str(path), name, rules, frozenset())
        elif name not in self.files:
            self._file(str(path), name)

    def _folder(self, path: str, prefix: str, rules: Rules, above: frozenset[tuple[int, int]]) -> None:
        try:
            info = os.stat(path)  # noqa: PTH116 - plain strings are much faster on large folders
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as problem:
            self.refuse("E118", prefix, f"cannot be read: {problem.strerror}", "Make it readable, or ignore it")
            return
        if len(above) > DEEPEST:
            self.refuse("E118", prefix, f"is nested more than {DEEPEST} folders deep", "Remove it, or ignore it")
            return
        here = (info.st_dev, info.st_ino)
        if here in above:
            self.refuse("E119", prefix, "is a link to a folder that contains it", "Remove the link, or ignore it")
            return
        if prefix and any(entry.name in _RECORDS for entry in entries):
            return
        rules = rules.below(path, prefix, self.bag)
        for entry in entries:
            if self.full:
                return
            name = f"{prefix}/{entry.name}" if prefix else entry.name
            if entry.name == "__pycache__":
                continue
            if entry.name.endswith(".txt") and _LOCK.fullmatch(name):
                continue
            folder = _is_folder(entry)
            if rules.excludes(name, folder):
                continue
            if folder:
                self._folder(entry.path, name, rules, above | {here})
            elif name not in self.files:
                self._file(entry.path, name)

    def _file(self, path: str, name: str) -> None:
        if len(self.files) >= MOST_FILES:
            self.full = True
            fix = "Name a smaller folder, or ignore what is not needed"
            self.refuse("E118", "", f"has more than {MOST_FILES:,} files below it", fix)
            return
        if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in name):
            self.refuse("E118", name, "has a name that is not plain UTF-8 text", "Rename it, or ignore it")
            return
        try:
            info = os.stat(path)  # noqa: PTH116
            if not stat.S_ISREG(info.st_mode):
                self.refuse("E118", name, "is neither a file nor a folder", "Remove it, or ignore it")
                return
            executable = bool(info.st_mode & stat.S_IXUSR)
            self.bag.memo.setdefault(READ, set()).add(path)
            if info.st_size > IN_MEMORY or self.held + info.st_size > BUDGET:
                with open(path, "rb"):  # noqa: PTH123 - readable?
                    self.files[name] = File(Path(path), executable)
            else:
                self.held += info.st_size
                self.files[name] = File(Path(path).read_bytes(), executable)
        except FileNotFoundError:
            self.refuse("E118", name, "is a link to nothing", "Remove it, or ignore it")
        except OSError as problem:
            self.refuse("E118", name, f"cannot be read: {problem.strerror}", "Make it readable, or ignore it")

    def refuse(self, code: str, name: str, what: str, fix: str) -> None:
        """Report a file; the whole snapshot is void then."""
        self.failed = True
        shown_name = "".join(char if char.isprintable() else "\ufffd" for char in name) or "."
        fix = f"{fix} with an .amlignore file" if "ignore" in fix else fix
        self.bag.add(code, self.span, f"'{shown_name}' in the code folder {what}", fix=fix)
