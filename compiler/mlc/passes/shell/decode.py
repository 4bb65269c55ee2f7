"""The text that a shell makes of a word or of a here-document, with the placeholders in it."""

import re

from mlc.passes.shell.commands import Document, Word
from mlc.passes.shell.lexer import CLOSE, MARK, OPEN, Lexer
from mlc.records import dataclass

_UNKNOWN = "x"
"""Stands in a decoded text for what an expansion gives."""
_QUOTED = re.compile(r"[\\'\"$`]")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)


@dataclass(slots=True, kw_only=True)
class Decoded:
    """A text as a program gets it. ``seen``: numbers of the placeholders in it; ``hidden``: of those in expansions."""

    text: str
    seen: tuple[int, ...]
    hidden: tuple[int, ...]
    expansions: tuple[str, ...]


def decode_word(lexer: Lexer, word: Word) -> Decoded:
    """The word without its quotes; line continuations are gone."""
    raw = lexer.text[word.start : word.end]
    if _QUOTED.search(raw):
        return _Decoder(lexer, word.start, word.end).word()
    first = lexer.placeholder_at(word.start) if MARK in raw else 0
    return Decoded(text=raw, seen=tuple(range(first, first + raw.count(MARK))), hidden=(), expansions=())


def decode_document(lexer: Lexer, document: Document) -> Decoded:
    """The lines that reach the program's input."""
    return _Decoder(lexer, document.start, document.end).document(document.is_quoted)


class _Decoder:
    """Copies a stretch of the text; expansions, whose ends the lexer noted, become one letter."""

    def __init__(self, lexer: Lexer, start: int, end: int) -> None:
        self._lexer = lexer
        self._raw = lexer.text
        self._at, self._start, self._end = start, start, end
        self._out: list[str] = []
        self._expansions: list[str] = []
        self._seen: list[int] = []
        self._number = lexer.placeholder_at(start)

    def word(self) -> Decoded:
        quote = ""
        while self._at < self._end:
            char = self._raw[self._at]
            if char == quote:
                quote = ""
                self._at += 1
            elif quote == "'":
                self._copy()
            elif char == "\\":
                self._escape('$`"\\\n' if quote else "")
            elif not self._expansion():
                if not quote and char in "'\"":
                    quote = char
                    self._at += 1
                else:
                    self._copy()
        return self._decoded()

    def document(self, is_quoted: bool) -> Decoded:
        while self._at < self._end:
            if is_quoted or not self._plainly():
                self._copy()
        return self._decoded()

    def _plainly(self) -> bool:
        if self._raw[self._at] == "\\":
            self._escape("$`\\\n")
            return True
        return self._expansion()

    def _escape(self, escaped: str) -> None:
        """A backslash; ``escaped``: what it acts on, '' for everything."""
        following = self._raw[self._at + 1 : min(self._at + 2, self._end)]
        if following in {MARK, OPEN, CLOSE, ""} or (escaped and following not in escaped):
            self._copy()
            return
        self._out.append("" if following == "\n" else following)
        self._at += 2

    def _expansion(self) -> bool:
        if self._raw[self._at] not in "$`":
            return False
        variable = _VARIABLE.match(self._raw, self._at)
        end = variable.end() if variable else self._lexer.expansions.get(self._at, 0)
        if end <= self._at:
            return False
        self._expansions.append(self._raw[self._at : end])
        self._number += self._raw.count(MARK, self._at, end)
        self._out.append(_UNKNOWN)
        self._at = end
        return True

    def _copy(self) -> None:
        char = self._raw[self._at]
        if char == MARK:
            self._seen.append(self._number)
            self._number += 1
        self._out.append(char)
        self._at += 1

    def _decoded(self) -> Decoded:
        first = self._lexer.placeholder_at(self._start)
        everything = range(first, first + self._raw.count(MARK, self._start, self._end))
        return Decoded(
            text="".join(self._out),
            seen=tuple(self._seen),
            hidden=tuple(number for number in everything if number not in self._seen),
            expansions=tuple(self._expansions),
        )
