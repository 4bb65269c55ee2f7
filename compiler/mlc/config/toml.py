"""Finds and parses the TOML that holds the settings, and tells the line of a key: ``tomllib`` keeps no positions."""

import os
import re
import stat
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.records import dataclass

_PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (("mlc.toml", ()), ("pyproject.toml", ("tool", "mlc")))
_KEY = r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'"""
_DOTTED = rf"(?:{_KEY})(?:\s*\.\s*(?:{_KEY}))*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Settings:
    """The table of settings as it stands in ``file``, below the keys ``section``, and the text it was parsed from."""

    file: Path
    section: tuple[str, ...]
    text: str
    table: dict[str, Any]

    def span(self, path: tuple[str, ...]) -> Span:
        """The place of the key ``path`` (below the section), or of the nearest table around it."""
        places = _places(self.text)
        wanted = self.section + path
        while wanted:
            if wanted in places:
                return Span(str(self.file), *places[wanted])
            wanted = wanted[:-1]
        return Span(str(self.file))


def find(start: Path, bag: Bag) -> Settings | None:
    """The first file with settings, from ``start`` upwards; None if there is none (or it cannot be parsed)."""
    folder = start.absolute()
    for place in (folder, *folder.parents):
        for name, section in _PLACES:
            file = place / name
            text = _read(file, bag)
            if text is None or (section and "mlc" not in text):
                continue
            table = _parse(text, file, bag)
            for key in section:
                table = table.get(key) if isinstance(table, dict) else None
            if isinstance(table, dict):
                return Settings(file, section, text, table)
            if table is not None:
                bag.add("E601", Span(str(file)), f"[{'.'.join(section)}] of {name} is not a table")
        if os.path.lexists(place / ".git"):
            break
    return None


def _read(file: Path, bag: Bag) -> str | None:
    try:
        if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
            bag.add("E601", Span(str(file)), f"{file.name} is not a regular file", fix="Copy its content into a file")
            return None
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            bag.add("E601", Span(str(file)), f"{file.name} is not UTF-8 text", fix="Save it as UTF-8")
    except OSError as error:
        bag.add("E601", Span(str(file)), f"{file.name} cannot be read", why=error.strerror or str(error))
    return None


def _parse(text: str, file: Path, bag: Bag) -> Any:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = _AT.search(message)
        span = Span(str(file), int(at[1]), int(at[2])) if at else Span(str(file), len(text.splitlines()))
        bag.add("E601", span, f"{file.name} is not valid TOML", why=_AT.sub("", message).split(" (at end")[0])
    except (RecursionError, ValueError):
        what = f"{file.name} is nested too deeply, or has a number of thousands of digits"
        bag.add("E601", Span(str(file)), what, why="mlc does not read it", fix="Write what a person would")
    return None


def _places(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Line and column of every key that starts a line: a search, good enough to point at."""
    places: dict[tuple[str, ...], tuple[int, int]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _keys(header[1])
            path, column = table, header.start(1)
        elif assignment := _ASSIGNMENT.match(line):
            path, column = table + _keys(assignment[1]), assignment.start(1)
        else:
            continue
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], (number, column + 1))
    return places


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(key[1:-1] if key[0] in "\"'" else key for key in re.findall(_KEY, dotted))
