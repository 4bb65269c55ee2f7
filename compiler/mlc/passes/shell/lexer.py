"""The contexts inside of words: quotes, expansions, substitutions, arithmetic, comments, here-documents."""

import re
from bisect import bisect_left
from collections.abc import Callable

from mlc.ir.template import Quoting
from mlc.passes.shell.commands import Command, Document
from mlc.records import dataclass

Answer = tuple[Quoting, ...] | str
"""What surrounds a placeholder, from the inside out (one, except in commands in commands), or why no value can stand
there."""

MARK, OPEN, CLOSE = "\0", "\1", "\2"
"""Stand for a placeholder and for the ends of ``$[[ ... ]]`` in the text that the lexer reads."""
DEEPEST = 40
"""Levels of nesting; a command with more is not understood."""
_PROGRAMS = 6
"""Commands in commands in commands."""

_DOLLAR = "a dollar sign right before it would make an expansion of it"
_EXPANSION = "inside of this ${...} a value could end the expansion, or would be evaluated"
_BARE_EXPANSION = "inside of this ${...}, outside of quotes, a value could end the expansion, or would be evaluated"
_UNQUOTED = frozenset({Quoting.WORDS, _BARE_EXPANSION})
DELIMITER = "it is the delimiter of a here-document"
_BRACKET = "a bracket $[[...]] before it opens what it does not close, so what surrounds it depends on the value"
_DEEP = "the command is nested too deep"

_NUMERIC_TEST = re.compile(r"\s-(eq|ne|lt|le|gt|ge|v)\s")
_TEST_END = re.compile(r"\s\]\](?=[\s;&|)]|$)")
_CLAUSE_END = re.compile(r"&&|\|\|")
_OPERANDS = frozenset({Quoting.WORDS, Quoting.ASSIGNED, Quoting.SINGLE, Quoting.DOUBLE})
_ALTERNATIVE = re.compile(r"[A-Za-z_]\w*:?[-=+?]", re.ASCII)
"""Behind ``${``: what makes a word of the rest."""
_INDEX = re.compile(r"[A-Za-z_]\w*[\[:]([^}]*)", re.ASCII)
"""Behind ``${``: a subscript or an offset, which is arithmetic."""
_BACKTICKED = re.compile(r"(?:[^`\\]|\\[\s\S])*")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the lexer leaves to other modules: ``words`` eats what is outside of quotes, up to a closing character;
    ``revise`` looks at the whole, once it is read, for commands that are other commands' arguments."""

    words: "Callable[[Lexer, str], None]"
    revise: "Callable[[Lexer], None]"


class Lexer:
    """Reads the text once, by recursive descent: a method per context, each eats up to its own end."""

    def __init__(self, text: str, grammar: Grammar, depth: int = 0) -> None:
        self.text = text
        self.found: list[Answer] = []
        self.named: set[int] = set()
        """Numbers of the placeholders that stand where a command's name does."""
        self.commands: list[Command] = []
        self.expansions: dict[int, int] = {}
        """Where ``$...`` and backticks begin and end."""
        self.evaluated: list[tuple[int, int]] = []
        """Where variables are read as arithmetic."""
        self._grammar = grammar
        self._depth = depth
        self._at = 0
        self._broken = ""
        """Set once it is no longer known what surrounds the rest."""
        self._contexts: list[int] = []
        self._brackets: list[tuple[list[int], bool]] = []
        self._entered = 0
        self._places: list[int] = []

    def run(self) -> list[Answer]:
        """All answers."""
        self._grammar.words(self, "")
        self.found += [_DEEP] * (self.text.count(MARK) - len(self.found))
        if self.found:
            self._places = [match.start() for match in re.finditer(MARK, self.text)]
            self._grammar.revise(self)
        return self.found

    def inner(self, text: str) -> tuple[list[Answer], set[int]]:
        """The answers for the placeholders of ``text``, which is a command in this one, and those that name one."""
        if self._depth >= _PROGRAMS:
            return [_DEEP] * text.count(MARK), set()
        if text.count(OPEN) != text.count(CLOSE) or text.find(CLOSE) < text.find(OPEN):
            text = text.replace(OPEN, "").replace(CLOSE, "")
        lexer = Lexer(text, self._grammar, self._depth + 1)
        return lexer.run(), lexer.named

    def placeholder_at(self, place: int) -> int:
        """The number of the first placeholder at ``place`` or behind it; after everything was read."""
        return bisect_left(self._places, place)

    @property
    def at(self) -> int:
        """Where the next character stands."""
        return min(self._at, len(self.text))

    @property
    def char(self) -> str:
        """The next character, '' at the end."""
        return self.text[self._at : self._at + 1]

    def ahead(self, text: str) -> bool:
        """Whether ``text`` comes next."""
        return self.text.startswith(text, self._at)

    def skip(self, count: int = 1) -> None:
        """Go on."""
        self._at += count

    def place(self, answer: Quoting | str) -> None:
        """Eat a placeholder and answer for it."""
        if self._broken:
            answer = self._broken
        elif answer in _OPERANDS and any(start <= self._at < end for start, end in self.evaluated):
            answer = Quoting.NUMBER
        if answer is Quoting.PLAIN:
            self.found.append((answer, Quoting.DOUBLE))
        else:
            self.found.append((answer,) if isinstance(answer, Quoting) else answer)
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
        """Eat a backslash and what it escapes; before a placeholder, the launcher sees to it."""
        self.skip()
        if self.char in {OPEN, CLOSE}:
            self.give_up(_BRACKET)
        elif self.char != MARK:
            self.skip()

    def quoted(self, end: str, answer: Quoting | str, *, escapes: bool, expands: bool) -> None:
        """Eat up to and including ``end``; ``expands``: ``$`` and backticks mean what they mean outside."""
        if not self.enter():
            return
        while self.char and self.char != end:
            self._inside(answer, escapes=escapes, expands=expands)
        self.leave()
        self.skip()

    def _inside(self, answer: Quoting | str, *, escapes: bool, expands: bool) -> None:
        match self.char:
            case "\\" if escapes:
                self.escape()
            case "$" if expands:
                self.dollar(answer)
            case "`" if expands:
                self.backtick()
            case '"' if answer is _EXPANSION or answer in _UNQUOTED:
                self.skip()
                self.quoted('"', Quoting.DOUBLE, escapes=True, expands=True)
            case "'" if answer in _UNQUOTED:
                self.skip()
                self.quoted("'", Quoting.SINGLE, escapes=False, expands=False)
            case "\0":
                self.place(answer)
            case "\1" | "\2":
                self.bracket(at_word_start=False)
            case _:
                self.skip()

    def dollar(self, around: Quoting | str) -> None:
        """Eat a dollar sign and the expansion it begins; ``around``: what surrounds it, WORDS outside of quotes."""
        start = self._at
        self.skip()
        if self.char == MARK:
            self.place(_DOLLAR)
        elif self.ahead("(("):
            self.arithmetic()
        elif self.char == "(":
            self.skip()
            self._grammar.words(self, ")")
        elif self.char == "{":
            self.skip()
            self._braces(around)
        elif self.char == "'" and around is Quoting.WORDS:
            self.skip()
            self.quoted("'", Quoting.ANSI, escapes=True, expands=False)
        else:
            return
        self.expansions[start] = self._at

    def _braces(self, around: Quoting | str) -> None:
        """``${NAME...}``: only the word of ``:-`` and its like is text."""
        answer: Quoting | str = _BARE_EXPANSION if around in _UNQUOTED else _EXPANSION
        if not _ALTERNATIVE.match(self.text, self._at):
            if index := _INDEX.match(self.text, self._at):
                self.evaluated.append(index.span(1))
        elif around is Quoting.WORDS:
            answer = Quoting.WORDS
        elif around is Quoting.DOUBLE:
            answer = Quoting.PLAIN
        self.quoted("}", answer, escapes=True, expands=True)

    def backtick(self, *, quoted: bool = True) -> None:
        """Eat a command substitution of the old form: a shell takes backslashes away, then reads what is left."""
        start = self._at
        self.skip()
        match = _BACKTICKED.match(self.text, self._at)
        raw = match[0] if match else ""
        answers, named = self.inner(re.sub(r"\\([$`\\%s])" % ('"' if quoted else ""), r"\1", raw))
        self.named |= {len(self.found) + number for number in named}
        for answer in answers:
            whole = answer if isinstance(answer, str) else (*answer, Quoting.BACKTICK)
            self.found.append(self._broken or whole)
        self._at += len(raw) + 1
        self.expansions[start] = self._at

    def arithmetic(self) -> None:
        """Eat ``((...))``, also where a shell takes it for two subshells: a plain number is harmless in both."""
        if not self.enter():
            return self.skip()
        depth, start = 0, self._at
        while self.char:
            depth += {"(": 1, ")": -1}.get(self.char, 0)
            if depth == 0:
                break
            if self.ahead("$(") and not self.ahead("$(("):
                self.dollar(Quoting.NUMBER)
            else:
                self._inside(Quoting.NUMBER, escapes=True, expands=self.char == "`")
        self.leave()
        self.evaluated.append((start, self._at))
        return self.skip()

    def comment(self, close: str) -> None:
        """Eat up to the end of the line."""
        while self.char and self.char != "\n" and not (close == "`" and self.char == "`"):
            self._inside(Quoting.COMMENT, escapes=False, expands=False)

    def documents(self, pending: list[tuple[str, bool, bool, Command]]) -> None:
        """Eat the bodies of here-documents: delimiter, whether it was quoted, whether leading tabs go, whose it is."""
        for delimiter, is_quoted, strips, command in pending:
            end = self._body_end(delimiter, strips)
            command.documents.append(Document(start=self._at, end=end, is_quoted=is_quoted))
            while self._at < end:
                if is_quoted:
                    self._inside(Quoting.RAW, escapes=False, expands=False)
                else:
                    self._inside(Quoting.HEREDOC, escapes=True, expands=True)
            if self._at > end:
                return self.give_up(DELIMITER)
            line_end = self.text.find("\n", self._at)
            self._at = len(self.text) if line_end < 0 else line_end + 1
        return pending.clear()

    def _body_end(self, delimiter: str, strips: bool) -> int:
        start = self._at
        while start < len(self.text):
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            line = self.text[start:end]
            if (line.lstrip("\t") if strips else line) == delimiter:
                return start
            start = end + 1
        return len(self.text)

    def test(self) -> None:
        """Behind ``[[``: operands of arithmetic comparisons are evaluated, so only numbers may stand there."""
        end = _TEST_END.search(self.text, self._at)
        stop = end.start() if end else len(self.text)
        start = self._at
        cuts = [match.start() for match in _CLAUSE_END.finditer(self.text, start, stop)]
        for cut in [*cuts, stop]:
            if _NUMERIC_TEST.search(self.text[start : cut + 1]):
                self.evaluated.append((start, cut + 1))
            start = cut
