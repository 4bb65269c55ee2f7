"""Words on the terminal: results to stdout, diagnostics and progress to stderr, colour only where it is wanted.

``NO_COLOR`` (any value) forbids colour, ``FORCE_COLOR`` (any value but 0) asks for it, ``TERM=dumb`` and a stream that
is no terminal mean plain text. Nothing of a user's file can move the cursor: control characters are shown as ``\\x1b``.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from mlc.codes import Severity
from mlc.diagnostics import Diagnostic, render


class Style(StrEnum):
    """The few colours, by what they say; values are SGR parameters."""

    GOOD = "32"
    BAD = "1;31"
    DOUBTFUL = "1;33"
    STRONG = "1"
    DIM = "2"


_SEVERITY = {Severity.ERROR: Style.BAD, Severity.WARNING: Style.DOUBTFUL}
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether text for ``stream`` may be coloured."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") != "0":
        return True
    return environment.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at ``stream``; False for a closed one too."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def printable(text: str) -> str:
    """``text`` without control characters other than line breaks and tabs."""
    return text.translate(_CONTROL)


def paint(text: str, style: Style, stream: TextIO) -> str:
    """``text`` in ``style`` if ``stream`` may be coloured."""
    return f"\x1b[{style}m{text}\x1b[0m" if wants_colour(stream, os.environ) else text


def here() -> Path:
    """The working folder, which paths are shown relative to; the root where it has been removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path("/")


def out(text: str = "") -> None:
    """A line of result on stdout."""
    sys.stdout.write(f"{text}\n")


def note(text: str = "") -> None:
    """A line for the person at the terminal, on stderr."""
    sys.stderr.write(f"{text}\n")


def out_json(value: object) -> None:
    """A result for a program: indented JSON on stdout."""
    import json

    out(json.dumps(value, indent=2, ensure_ascii=False))


def diagnostics(items: Iterable[Diagnostic], sources: dict[str, str], base: Path) -> None:
    """Print messages on stderr with a coloured severity; paths below ``base`` are shown relative to it."""
    for item in items:
        text = printable(render([item], sources, base))
        word = f"{item.severity}[{item.code}]:"
        sys.stderr.write(text.replace(word, paint(word, _SEVERITY[item.severity], sys.stderr), 1))


def count(number: int, noun: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Lines of left-aligned columns, two blanks apart, no blanks at the ends."""
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
