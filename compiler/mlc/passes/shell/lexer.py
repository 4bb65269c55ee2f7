"""The contexts inside of words: quotes, expansions, substitutions, arithmetic, comments, here-documents."""

import re
from collections.abc import Callable

from mlc.ir.template import Quoting

Answer = Quoting | str
"""The quoting around a placeholder, or why no value can stand there."""

MARK, OPEN, CLOSE = "\0", "\1", "\2"
"""Stand for a placeholder and for the ends of ``$[[ ... ]]`` in the text that the lexer reads."""
DEEPEST = 40
"""Levels of nesting; a command with more is not understood."""

_BACKTICKS = "between backticks a value would be read twice; write $(...) instead"
_BACKSLASH = "a backslash right before it would take its quoting away"
_DOLLAR = "a dollar sign right before it would make an expansion of it"
_ANSI = "between $' and ' escapes in the value would be read"
_EXPANSION = "inside of ${...} a value could end the expansion; set a variable first"
DELIMITER = "it is the delimiter of a here-document"
_BRACKET = "a bracket $[[...]] before it opens what it does not close, so what surrounds it depends on the value"
_DEEP = "the command is nested too deep"

_NUMERIC_TEST = re.compile(r"\s-(eq|ne|lt|le|gt|ge|v)\s")
_TEST_END = re.compile(r"\s\]\](?=[\s;&|)]|$)")
_CLAUSE_END = re.compile(r"&&|\|\|")
_OPERANDS = frozenset({Quoting.WORDS, Quoting.ASSIGNED, Quoting.SINGLE, Quoting.DOUBLE})


class Lexer:
    """Reads the text once, by recursive descent: a method per context, each eats up to its own end."""

    def __init__(self, text: str, words: "Words") -> None:
        self._text = text
        self._words = words
        self._at = 0
        self._found: list[Answer] = []
        self._broken = ""
        """Set once it is no longer known what surrounds the rest."""
        self._backticks = 0
        self._contexts: list[int] = []
        self._brackets: list[tuple[list[int], bool]] = []
        self._entered = 0
        self._numeric: list[tuple[int, int]] = []

    def run(self) -> list[Answer]:
        """All answers."""
        self._words(self, "")
        missing = self._text.count(MARK) - len(self._found)
        return self._found + [_DEEP] * missing

    @property
    def char(self) -> str:
        """The next character, '' at the end."""
        return self._text[self._at : self._at + 1]

    def ahead(self, text: str) -> bool:
        """Whether ``text`` comes next."""
        return self._text.startswith(text, self._at)

    def skip(self, count: int = 1) -> None:
        """Go on."""
        self._at += count

    def place(self, answer: Answer) -> None:
        """Eat a placeholder and answer for it."""
        if self._broken or self._backticks:
            answer = self._broken or _BACKTICKS
        elif answer in _OPERANDS and any(start <= self._at < end for start, end in self._numeric):
            answer = Quoting.NUMBER
        self._found.append(answer)
        self._at += 1

    def give_up(self, why: str) -> None:
        """From here on nothing is known."""
        self._broken = self._broken or why

    def enter(self) -> bool:
        """Begin a context; False if that would be one too many."""
        if len(self._contexts) >= DEEPEST:
            self.give_up(_DEEP)
            return False
        self._entered += 1
        self._contexts.append(self._entered)
        return True

    def leave(self) -> None:
        """End the innermost context."""
        self._contexts.pop()

    def bracket(self, at_word_start: bool) -> bool:
        """Eat an end of ``$[[...]]``; says whether a word starts behind it."""
        opens = self.char == OPEN
        self.skip()
        if opens:
            self._brackets.append((list(self._contexts), at_word_start))
            return at_word_start
        contexts, before = self._brackets.pop()
        if contexts != self._contexts or (before != at_word_start and self.char == "#"):
            self.give_up(_BRACKET)
        return at_word_start

    def escape(self) -> None:
        """Eat a backslash and what it escapes."""
        self.skip()
        if self.char == MARK:
            self.place(_BACKSLASH)
        elif self.char in {OPEN, CLOSE}:
            self.give_up(_BRACKET)
        else:
            self.skip()

    def quoted(self, end: str, answer: Answer, *, escapes: bool, expands: bool) -> None:
        """Eat up to and including ``end``; ``expands``: ``$`` and backticks mean what they mean outside."""
        if not self.enter():
            return
        while self.char and self.char != end:
            self._inside(answer, escapes=escapes, expands=expands)
        self.leave()
        self.skip()

    def _inside(self, answer: Answer, *, escapes: bool, expands: bool) -> None:
        match self.char:
            case "\\" if escapes:
                self.escape()
            case "$" if expands:
                self.dollar(words=False)
            case "`" if expands:
                self.backtick()
            case '"' if answer is _EXPANSION:
                self.skip()
                self.quoted('"', Quoting.DOUBLE, escapes=True, expands=True)
            case "\0":
                self.place(answer)
            case "\1" | "\2":
                self.bracket(at_word_start=False)
            case _:
                self.skip()

    def dollar(self, *, words: bool) -> None:
        """Eat a dollar sign and the expansion it begins; ``words``: outside of quotes."""
        self.skip()
        if self.char == MARK:
            self.place(_DOLLAR)
        elif self.ahead("(("):
            self.arithmetic()
        elif self.char == "(":
            self.skip()
            self._words(self, ")")
        elif self.char == "{":
            self.skip()
            self.quoted("}", _EXPANSION, escapes=True, expands=True)
        elif self.char == "'" and words:
            self.skip()
            self.quoted("'", _ANSI, escapes=True, expands=False)

    def backtick(self) -> None:
        """Eat a command substitution of the old form."""
        self.skip()
        self._backticks += 1
        self._words(self, "`")
        self._backticks -= 1

    def arithmetic(self) -> None:
        """Eat ``((...))``, also where a shell takes it for two subshells: a plain number is harmless in both."""
        if not self.enter():
            return self.skip()
        depth = 0
        while self.char:
            depth += {"(": 1, ")": -1}.get(self.char, 0)
            if depth == 0:
                break
            if self.ahead("$(") and not self.ahead("$(("):
                self.dollar(words=False)
            else:
                self._inside(Quoting.NUMBER, escapes=True, expands=self.char == "`")
        self.leave()
        return self.skip()

    def comment(self, close: str) -> None:
        """Eat up to the end of the line."""
        while self.char and self.char != "\n" and not (close == "`" and self.char == "`"):
            self._inside(Quoting.COMMENT, escapes=False, expands=False)

    def documents(self, pending: list[tuple[str, bool, bool]]) -> None:
        """Eat the bodies of here-documents: delimiter, whether it was quoted, whether leading tabs go."""
        for delimiter, is_quoted, strips in pending:
            end = self._body_end(delimiter, strips)
            while self._at < end:
                if is_quoted:
                    self._inside(Quoting.RAW, escapes=False, expands=False)
                else:
                    self._inside(Quoting.HEREDOC, escapes=True, expands=True)
            if self._at > end:
                return self.give_up(DELIMITER)
            line_end = self._text.find("\n", self._at)
            self._at = len(self._text) if line_end < 0 else line_end + 1
        return pending.clear()

    def _body_end(self, delimiter: str, strips: bool) -> int:
        start = self._at
        while start < len(self._text):
            end = self._text.find("\n", start)
            end = len(self._text) if end < 0 else end
            line = self._text[start:end]
            if (line.lstrip("\t") if strips else line) == delimiter:
                return start
            start = end + 1
        return len(self._text)

    def test(self) -> None:
        """Behind ``[[``: operands of arithmetic comparisons are evaluated, so only numbers may stand there."""
        end = _TEST_END.search(self._text, self._at)
        stop = end.start() if end else len(self._text)
        start = self._at
        cuts = [match.start() for match in _CLAUSE_END.finditer(self._text, start, stop)]
        for cut in [*cuts, stop]:
            if _NUMERIC_TEST.search(self._text[start : cut + 1]):
                self._numeric.append((start, cut + 1))
            start = cut


Words = Callable[[Lexer, str], None]
"""Eats what is outside of quotes, up to a closing character."""
