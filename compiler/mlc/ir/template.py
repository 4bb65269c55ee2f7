"""Commands with placeholders: ``${{inputs.x}}``, ``${{outputs.y}}`` and optional brackets ``$[[ ... ]]``, parsed once.

A placeholder knows the shell quoting that surrounds it, because the launcher puts values in as data: see
``mlc.render.launch`` for what each :class:`Quoting` does to a value.
"""

from dataclasses import field
from enum import StrEnum

from mlc.diagnostics import NOWHERE, Span
from mlc.records import dataclass


class Quoting(StrEnum):
    """What a shell would make of text at this point of the command."""

    WORDS = "words"
    """Outside of quotes: the value may be several words, split at blanks."""
    ASSIGNED = "assigned"
    """Outside of quotes, behind ``NAME=`` where a command could stand: one word, or the rest would be a command."""
    SINGLE = "single"
    """Between single quotes."""
    DOUBLE = "double"
    """Between double quotes."""
    HEREDOC = "heredoc"
    """In a here-document whose delimiter is not quoted."""
    RAW = "raw"
    """In a here-document whose delimiter is quoted: the shell changes nothing."""
    COMMENT = "comment"
    """Behind a ``#``: line breaks must go."""
    NUMBER = "number"
    """In an arithmetic expression: only a plain number may stand there."""
    ANSI = "ansi"
    """Between ``$'`` and ``'``, where a shell reads escapes."""
    BACKTICK = "backtick"
    """Between backticks, where a shell takes one level of backslashes away before it reads a command."""
    PLAIN = "plain"
    """In a program of another language, or in one that is pieced together: only plain text may stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text that stays as it is."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRef:
    """``${{inputs.name}}``."""

    name: str
    quoting: Quoting = Quoting.WORDS
    around: tuple[Quoting, ...] = ()
    """For a command in a command (``bash -c '...'``): what surrounds each of them, from the inside out."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRef:
    """``${{outputs.name}}``."""

    name: str
    quoting: Quoting = Quoting.WORDS
    around: tuple[Quoting, ...] = ()
    """For a command in a command (``bash -c '...'``): what surrounds each of them, from the inside out."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """``$[[ ... ]]``: kept exactly if every optional input referenced inside has a value."""

    parts: "tuple[Part, ...]"


Part = Text | InputRef | OutputRef | Bracket
Template = tuple[Part, ...]
