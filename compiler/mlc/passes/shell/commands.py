"""What the lexer notes of every simple command: its words and its here-documents, as stretches of the text."""

from dataclasses import field

from mlc.records import dataclass


@dataclass(slots=True, kw_only=True)
class Word:
    """A stretch of the command's text; ``redirection``: the operator before it (``>``), '' for an argument."""

    start: int
    end: int
    redirection: str = ""


@dataclass(slots=True, kw_only=True)
class Document:
    """The body of a here-document."""

    start: int
    end: int
    is_quoted: bool


@dataclass(slots=True, kw_only=True)
class Command:
    """A simple command. ``pipeline``: where the pipeline begins that it is a part of, -1: not known."""

    start: int
    pipeline: int
    words: list[Word] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.words[-1].end if self.words else self.start
