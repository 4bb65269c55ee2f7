"""Outside of quotes: words, operators, reserved words, and the beginnings of everything else."""

import re

from mlc.ir.template import Quoting
from mlc.passes.shell.commands import Command, Word
from mlc.passes.shell.lexer import CLOSE, DELIMITER, MARK, OPEN, Lexer

_SUBSCRIPT = re.compile(r"[A-Za-z_]\w*\[[^\]]*$")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(\[[^\]]*\])?\+?=")
_PLAIN = re.compile(r"[\w./:,@%+=-]+", re.ASCII)
"""Most of every command: what means nothing anywhere in a word."""
_REDIRECTION = re.compile(r"&>>?|<<<|[<>]&|<>|>>|>\||[<>]")
BEFORE_COMMAND = frozenset({"env", "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"})
"""Words behind which another one can be a command's name."""
_ENDS_OF_GROUPS = frozenset({"}", "fi", "done", "esac"})


def read_words(lexer: Lexer, close: str) -> None:
    """Eat everything up to and including ``close``, or to the end of the text if ``close`` is ''."""
    Words(lexer, close).read()


class Words:
    """Outside of quotes: words, operators, comments, here-documents; up to ``close`` or the end of the text."""

    def __init__(self, lexer: Lexer, close: str) -> None:
        self._lexer = lexer
        self._close = close
        self._word = ""
        self._word_at = -1
        self._starts = True
        """Whether a word starts here, so that ``#`` begins a comment."""
        self._is_command = True
        """Whether the next word is a command's name."""
        self._redirection = ""
        self._command: Command | None = None
        self._pipeline = -1
        """Where the present pipeline began; -1: it begins with the next command."""
        self._cases = 0
        self._let = False
        self._pending: list[tuple[str, bool, bool, Command]] = []

    def read(self) -> None:
        """Eat everything, the closing character included."""
        lexer = self._lexer
        if not lexer.enter():
            return
        while (char := lexer.char) and not (char == self._close and self._closes()):
            at = lexer.at
            if plain := _PLAIN.match(lexer.text, at):
                self._word_at = at if self._word_at < 0 else self._word_at
                self._word += plain[0]
                self._starts = False
                lexer.skip(plain.end() - at)
            elif lexer.ahead("\\\n"):
                lexer.skip(2)
            elif not self._special(char):
                if self._word_at < 0:
                    self._word_at = at
                if not self._quote(char):
                    lexer.skip()
                    self._word += char
                self._starts = False
        self._end_command()
        lexer.leave()
        lexer.skip()

    def _closes(self) -> bool:
        """A closing parenthesis may end a pattern of ``case`` instead."""
        if self._close == ")" and self._cases:
            self._end_word()
            return not self._cases
        return True

    def _quote(self, char: str) -> bool:
        lexer = self._lexer
        match char:
            case "\0":
                lexer.place(self._unquoted())
            case "\\":
                lexer.escape()
                if lexer.char == "\0":
                    lexer.place(self._unquoted())
            case "'":
                lexer.skip()
                lexer.quoted("'", Quoting.SINGLE, escapes=False, expands=False)
            case '"':
                lexer.skip()
                lexer.quoted('"', Quoting.DOUBLE, escapes=True, expands=True)
            case "$":
                lexer.dollar(Quoting.WORDS)
            case "`":
                lexer.backtick(quoted=False)
            case _:
                return False
        self._word += MARK
        return True

    def _unquoted(self) -> Quoting:
        if self._let or _SUBSCRIPT.fullmatch(self._word):
            return Quoting.NUMBER
        return Quoting.ASSIGNED if self._is_command and ASSIGNMENT.match(self._word) else Quoting.WORDS

    def _special(self, char: str) -> bool:
        lexer = self._lexer
        match char:
            case "\1" | "\2":
                self._starts = lexer.bracket(self._starts)
            case "#" if self._starts:
                lexer.comment(self._close)
            case "<" if lexer.ahead("<<") and not lexer.ahead("<<<"):
                self._end_word(is_number=True)
                self._document()
            case "(" if self._is_command and lexer.ahead("(("):
                lexer.arithmetic()
            case "(":
                self._group()
            case " " | "\t":
                self._end_word()
                lexer.skip()
            case ">" | "<" | "&" if operator := self._operator():
                self._end_word(is_number=True)
                self._redirection = operator
                lexer.skip(len(operator))
            case "\n" | ";" | "&" | "|" | ")":
                self._separator(char)
            case _:
                return False
        return True

    def _operator(self) -> str:
        found = _REDIRECTION.match(self._lexer.text, self._lexer.at)
        return found[0] if found else ""

    def _group(self) -> None:
        """A subshell, the items of an array, a pattern, or the empty parentheses of a function."""
        self._end_word()
        self._redirection = ""
        if self._pipeline < 0:
            self._pipeline = self._lexer.at
        self._lexer.skip()
        Words(self._lexer, ")").read()
        self._is_command = False

    def _separator(self, char: str) -> None:
        lexer = self._lexer
        pipes = char == "|" and not lexer.ahead("||")
        self._end_command()
        if not pipes:
            self._pipeline = -1
        lexer.skip(2 if lexer.ahead("||") or lexer.ahead("|&") else 1)
        if char == "\n" and self._pending:
            lexer.documents(self._pending)

    def _end_command(self) -> None:
        self._end_word()
        self._command, self._redirection = None, ""
        self._is_command, self._let = True, False

    def _current(self, start: int) -> Command:
        if self._command is None:
            if self._pipeline < 0:
                self._pipeline = start
            self._command = Command(start=start, pipeline=self._pipeline)
            self._lexer.commands.append(self._command)
        return self._command

    def _end_word(self, *, is_number: bool = False) -> None:
        """``is_number``: a number that ends here belongs to the redirection behind it."""
        word, self._word, self._starts = self._word, "", True
        start, self._word_at = self._word_at, -1
        if start < 0 or (is_number and word.isdigit() and word.isascii()):
            return
        command = self._current(start)
        command.words.append(Word(start=start, end=self._lexer.at, redirection=self._redirection))
        if self._redirection:
            self._redirection = ""
        elif self._is_command:
            self._first_word(word, command)

    def _first_word(self, word: str, command: Command) -> None:
        if word == "case":
            self._cases += 1
        elif word == "esac":
            self._cases -= 1
        elif word == "[[":
            self._lexer.test()
        if word in _ENDS_OF_GROUPS:
            command.pipeline = self._pipeline = 0
        self._let = word == "let"
        self._is_command = word in BEFORE_COMMAND or "=" in word

    def _document(self) -> None:
        """Eat ``<<`` and the delimiter behind it."""
        lexer = self._lexer
        command = self._current(lexer.at)
        lexer.skip(2)
        strips = lexer.char == "-"
        lexer.skip(1 if strips else 0)
        while lexer.char in {" ", "\t"}:
            lexer.skip()
        word, is_quoted = "", False
        while lexer.char and lexer.char not in " \t\n;&|<>()":
            if lexer.char in {MARK, OPEN, CLOSE}:
                lexer.give_up(DELIMITER)
                break
            is_quoted |= lexer.char in "'\"\\"
            word += lexer.char if lexer.char not in "'\"\\" else ""
            lexer.skip()
        self._pending.append((word, is_quoted, strips, command))
