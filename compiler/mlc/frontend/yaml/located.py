"""YAML as small values that know their line and column.

Scalars keep their source text beside the kind that YAML 1.1 gives them, because what a text means (``007``, ``on``,
``1_000``) depends on the port that it is for. Keys of mappings are text. Nothing is constructed: a tag cannot run code.
"""

import os
from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from typing import Any

from mlc.diagnostics import NOWHERE, Span
from mlc.records import dataclass


class Kind(StrEnum):
    """What YAML 1.1 takes a scalar for."""

    STRING = "text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    NULL = "nothing"
    DATE = "a date"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; ``text`` is the author's own writing, ``plain`` means that it is not quoted."""

    text: str
    kind: Kind = Kind.STRING
    plain: bool = True
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Located, ...]"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a mapping; ``span`` is its key's place."""

    value: "Located"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, in the author's order."""

    entries: dict[str, Entry]
    span: Span = field(default=NOWHERE, compare=False)

    def get(self, key: str) -> "Located | None":
        """The value of ``key``; None where it is absent or null."""
        entry = self.entries.get(key)
        return None if entry is None or is_null(entry.value) else entry.value

    def key_span(self, key: str) -> Span:
        """The place of ``key``, or of the mapping where it is absent."""
        entry = self.entries.get(key)
        return self.span if entry is None else entry.span

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self.entries.items())


Located = Scalar | Sequence | Mapping


def is_null(node: Located) -> bool:
    """Whether YAML's null (``~``, ``null``, nothing at all) stands there."""
    return isinstance(node, Scalar) and node.kind is Kind.NULL


def describe(node: Located) -> str:
    """What a node is, for messages: ``a list``, ``a mapping``, ``a whole number (3)``."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(kind=Kind.NULL):
            return "empty"
    text = node.text if len(node.text) <= 40 else f"{node.text[:40]}..."
    return f"{node.kind} ({text!r})" if node.kind is Kind.STRING else f"{node.kind} ({text})"


def from_python(value: Any, span: Span = NOWHERE) -> Located:
    """A value of the DSL (dict, list, text, number, bool, None, path) as if it stood in a YAML file at ``span``."""
    match value:
        case dict():
            places = {key: span.at(str(key)) for key in value}
            entries = {str(key): Entry(from_python(item, places[key]), places[key]) for key, item in value.items()}
            return Mapping(entries, span)
        case list() | tuple():
            return Sequence(tuple(from_python(item, span) for item in value), span)
        case None:
            return Scalar("", Kind.NULL, True, span)
        case bool():
            return Scalar(str(value).lower(), Kind.BOOLEAN, True, span)
        case int():
            return Scalar(str(value), Kind.INTEGER, True, span)
        case float():
            return Scalar(repr(value), Kind.NUMBER, True, span)
        case os.PathLike():
            return Scalar(os.fspath(value), Kind.STRING, False, span)
    return Scalar(str(value), Kind.STRING, False, span)
