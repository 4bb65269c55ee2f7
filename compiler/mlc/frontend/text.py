"""Reads text files that a user names, and says in words why one cannot be read."""

import os
import stat
from pathlib import Path

from mlc.diagnostics import Bag, Span

READ = "read"
"""Key of ``Bag.memo``: the paths of all files that were read for what is being loaded."""
LARGEST = 16 << 20
"""Bytes; a source that is larger is a mistake (data named as a source)."""


def read_text(path: Path, bag: Bag, span: Span) -> str | None:
    """The text of ``path`` without a byte order mark. ``span`` is the place that names the file."""
    data = read_bytes(path, bag, span)
    return None if data is None else decode(data, path, bag)


def read_bytes(path: Path, bag: Bag, span: Span) -> bytes | None:
    """The bytes of a regular file of reasonable size; everything else is reported at ``span``."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            bag.add(
                "E106",
                span,
                f"'{shown(path, span)}' is a folder",
                why="A file is meant here",
                fix="Name a file inside it",
            )
            return None
        if not stat.S_ISREG(info.st_mode):
            bag.add(
                "E106",
                span,
                f"'{shown(path, span)}' is not a regular file",
                fix="Copy its content into a file and name that",
            )
            return None
        if info.st_size > LARGEST:
            why = f"It has {info.st_size >> 20} MiB; mlc reads sources up to {LARGEST >> 20} MiB"
            bag.add(
                "E108", span, f"'{shown(path, span)}' is too large to be a source", why=why, fix="Name the right file"
            )
            return None
        bag.memo.setdefault(READ, set()).add(str(path))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        bag.add("E101", span, f"File '{shown(path, span)}' does not exist", fix=nearest_file(path, span))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        bag.add(
            "E107", span, f"File '{shown(path, span)}' cannot be read: {reason}", fix="Check its name and permissions"
        )
    return None


def decode(data: bytes, path: Path, bag: Bag) -> str | None:
    """UTF-8 (or UTF-16 with a byte order mark) to text; binary and other encodings are reported at their line."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        is_binary = b"\0" in data[:4096]
        kind = "is binary" if is_binary else "is not UTF-8 text"
        before = data[data.rfind(b"\n", 0, problem.start) + 1 : problem.start]
        column = 0 if is_binary else len(before.decode(errors="replace")) + 1
        what = f"File '{path.name}' {kind} (byte 0x{data[problem.start]:02x})"
        bag.add("E107", Span(str(path), line, column), what, fix="Save it as UTF-8, or name another file")
        return None


def is_file(path: Path) -> bool:
    """Whether it is a regular file; a path that no system takes (too long, with NUL) is none."""
    return os.path.isfile(path)  # noqa: PTH113 - pathlib raises for such paths


def is_folder(path: Path) -> bool:
    """Whether it is a folder."""
    return os.path.isdir(path)  # noqa: PTH112


def nearest_file(path: Path, span: Span) -> str:
    """Advice for a file that is missing: a file of nearly that name beside it, or the folder that is missing."""
    folder = path.parent
    try:
        if not is_folder(folder):
            name = shown(folder, span) if span.file != str(path) else folder.name
            return f"The folder '{name}' does not exist either; correct the path"
        near = nearest(path.name, sorted(entry.name for entry in folder.iterdir())[:5000])
    except (OSError, ValueError):
        near = None
    base = "the file that names it" if span.file != str(path) else "the current folder"
    return f"Did you mean '{near}'?" if near else f"Correct the path; it is relative to {base}"


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that ``word`` was most likely meant to be."""
    import difflib

    lowered = {item.lower(): item for item in reversed(known)}
    close = difflib.get_close_matches(word.lower(), list(lowered), 1, 0.6)
    return lowered[close[0]] if close else None


def did_you_mean(word: str, known: list[str]) -> str:
    """``Did you mean 'x'?`` or, without a near one, the list of what is known."""
    near = nearest(word, known)
    if near:
        return f"Did you mean '{near}'?"
    return f"Known here: {', '.join(known)}" if known and len(known) <= 12 else ""


def shown(path: Path, span: Span) -> str:
    """``path`` as a message at ``span`` names it: relative to the file that holds the place, as its author wrote it."""
    text = str(path)
    if span.file and span.file != text:
        text = os.path.relpath(text, Path(span.file).parent)
    text = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return text if len(text) <= 200 else f"{text[:200]}..."
