"""What mlc has to say about a user's sources: places, messages, and their printed form with an excerpt.

Users' mistakes are collected in a :class:`Bag`, never raised, so that one run shows all independent ones. The printed
form is ``file:line:col: error[E123]: what. why. what to do`` followed by the source line and a caret.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from mlc.codes import CODES, Severity
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a source: ``file`` as a path (absolute where it is a real file), 1-based line and column.

    A cell of a notebook is written ``/path/nb.ipynb:cell 3``; its text is registered with :meth:`Bag.remember`.
    Line 0 means the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    part: str = field(default="", compare=False)
    """What is meant of the call that stands there: a keyword, or ``keyword/key of its dict``. Looked for, in the
    source, only when something is said about it."""

    def at(self, part: str) -> "Span":
        """The place of a part of the call that stands there, or of a part of that part."""
        return Span(self.file, self.line, self.column, f"{self.part}/{part}" if self.part else part)


NOWHERE = Span("")

SEPARATE = 5
"""So many places of one mistake are shown one by one; of more only the first, and where the next ones are."""

_JOB = re.compile(r"\bjob '[^']*'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """One of several things that a message lists: ``what`` it is, its places, and what is said of it."""

    what: str
    places: tuple[Span, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message: a code of the table, a place, and up to three sentences (what, why, what to do)."""

    code: str
    span: Span
    what: str
    why: str = ""
    fix: str = ""
    also: tuple[Span, ...] = ()
    """Further places of which the same is said (see :func:`gathered`)."""
    notes: tuple[Note, ...] = ()
    """What the message lists, one by one; printed below the excerpt."""

    @property
    def severity(self) -> Severity:
        """Error or warning, as the table says."""
        return CODES[self.code].severity

    @property
    def text(self) -> str:
        """The sentences, each ended by a full stop, joined by blanks."""
        return masked(" ".join(_sentence(part) for part in (self.what, self.why, self.fix) if part))


class MlcError(Exception):
    """Stops the current command with one diagnostic; only for what nothing can go on after."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.text)
        self.diagnostic = diagnostic


def fail(code: str, span: Span, what: str, *, why: str = "", fix: str = "") -> MlcError:
    """The exception to raise where nothing can go on."""
    return MlcError(Diagnostic(code, span, what, why, fix))


@dataclass(slots=True)
class Bag:
    """Collects diagnostics of one run; asks once, prints sorted and without repeats."""

    items: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What front ends have already read in this run, so that a file is parsed, and complained about, once."""

    def add(self, code: str, span: Span, what: str, *, why: str = "", fix: str = "") -> None:
        """Record a message; ``code`` must be in the table."""
        assert code in CODES, f"{code} is not in codes.py"
        self.items.append(Diagnostic(code, span, what, why, fix))

    def remember(self, file: str, text: str) -> None:
        """Keep the text of a source that is not a file (a notebook's cell, standard input) for the excerpts."""
        self.sources[file] = text

    @property
    def has_errors(self) -> bool:
        """Whether the command has to fail."""
        return any(item.severity is Severity.ERROR for item in self.items)

    def sorted(self) -> list[Diagnostic]:
        """Without repeats, by file, line, column, code."""
        items = [self._placed(item) for item in self.items]
        return sorted(dict.fromkeys(items), key=_order)

    def _placed(self, item: Diagnostic) -> Diagnostic:
        spans = (item.span, *(span for note in item.notes for span in note.places))
        if not any(span.part for span in spans):
            return item
        notes = tuple(replace(note, places=tuple(map(self._exact, note.places))) for note in item.notes)
        return replace(item, span=self._exact(item.span), notes=notes)

    def _exact(self, span: Span) -> Span:
        """The place of the part that ``span`` means, where the source shows it."""
        if not span.part:
            return span
        from mlc.calls import Calls

        key = ("calls", span.file)
        if key not in self.memo:
            self.memo[key] = Calls("\n".join(_source(span.file, self.sources)))
        line, column = self.memo[key].place(span.line, span.column, span.part)
        return Span(span.file, line, column)


_CREDENTIALS = re.compile(r"(?i)((?:https?|ftp|socks5h?)://)([^\s/@\"']+)(?=@)")


def masked(text: str) -> str:
    """``text`` with a ``*`` for each character of a name and password in a URL; those in variables stay."""
    return _CREDENTIALS.sub(_stars, text) if "://" in text and "@" in text else text


def _stars(match: re.Match[str]) -> str:
    user, colon, password = match[2].partition(":")
    secret = password if colon else user
    return match[0] if "$" in secret else match[1] + "*" * len(match[2])


def _order(item: Diagnostic) -> tuple[str, int, Span, str, str]:
    """By file and place; the cells of a notebook by their number."""
    file, _, cell = item.span.file.partition(":cell ")
    return file, int(cell) if cell.isdigit() else 0, item.span, item.code, item.what


def gathered(items: Iterable[Diagnostic]) -> list[Diagnostic]:
    """``items`` with those that say the same of many places, or of many jobs, made into the first of them."""
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for item in items:
        groups.setdefault((item.code, _JOB.sub("job", item.text)), []).append(item)
    found: list[Diagnostic] = []
    for group in groups.values():
        if len(group) > SEPARATE:
            found.append(replace(group[0], also=tuple(item.span for item in group[1:])))
        else:
            found += group
    return sorted(found, key=_order)


def render(items: Iterable[Diagnostic], sources: dict[str, str], base: Path) -> str:
    """The printed form of ``items``; paths below ``base`` are shown relative to it."""
    return "".join(_block(item, sources, base) for item in items)


def place(span: Span, base: Path) -> str:
    """``file:line:col`` as a terminal makes a link of it; parts that are not known are left out."""
    name = _display(span.file, base)
    parts = [name] + [str(number) for number in (span.line, span.column) if number]
    return ":".join(parts)


def _block(item: Diagnostic, sources: dict[str, str], base: Path) -> str:
    where = place(item.span, base)
    head = f"{where}: " if where else ""
    head += f"{item.severity}[{item.code}]: {item.text}\n"
    return masked("".join((head, _excerpt(item.span, sources), _also(item, base), _notes(item, base))))


def _also(item: Diagnostic, base: Path) -> str:
    """A line that says where else; by name only the next few places."""
    if not item.also:
        return ""
    count = f"{len(item.also):,} more"
    others = list(dict.fromkeys(span for span in item.also if span != item.span))
    if not others:
        return f"      = The same {count} times here.\n"
    shown = ", ".join(place(span, base) for span in others[:3])
    is_job = _JOB.search(item.text) is not None
    more = ", ..." if len(others) > 3 else ""
    return f"      = The same {'for' if is_job else 'in'} {count} {'jobs' if is_job else 'places'}: {shown}{more}\n"


def _notes(item: Diagnostic, base: Path) -> str:
    """A line for each thing that the message lists; of many places the first few."""
    lines = []
    for note in item.notes:
        places = [place(span, base) for span in note.places if span.file]
        more = f" and {len(places) - 3:,} more" if len(places) > 3 else ""
        at = f" ({', '.join(places[:3])}{more})" if places else ""
        lines.append(f"      = {note.what}{at}: {_sentence(note.text)}\n")
    return "".join(lines)


_WIDEST = 240
"""Columns of a source line that are shown."""


def _excerpt(span: Span, sources: dict[str, str]) -> str:
    if not span.line:
        return ""
    lines = _source(span.file, sources)
    if span.line > len(lines):
        return ""
    raw = lines[span.line - 1].rstrip()
    if not raw:
        return ""
    line = raw.expandtabs(4)
    gutter = f"{span.line:>5} | "
    if not span.column or span.column > len(raw) + 1:
        return f"{gutter}{_window(line, 0)[0]}\n"
    indent = len(raw[: span.column - 1].expandtabs(4))
    line, indent = _window(line, indent)
    return f"{gutter}{line}\n{'':>5} | {'':{indent}}^\n"


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a very long line (JSON on one line, say) around ``column``, and where that is now."""
    if len(line) <= _WIDEST:
        return line, column
    start = max(0, min(column - _WIDEST // 2, len(line) - _WIDEST))
    head, tail = "... " if start else "", " ..." if start + _WIDEST < len(line) else ""
    return f"{head}{line[start : start + _WIDEST]}{tail}", column - start + len(head)


def _source(file: str, sources: dict[str, str]) -> list[str]:
    if file in sources:
        return sources[file].split("\n")
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").split("\n")
    except (OSError, ValueError):
        return []


def _display(file: str, base: Path) -> str:
    root = str(base) + os.sep
    return file.removeprefix(root)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!", ":", "\n")) else f"{text}."
