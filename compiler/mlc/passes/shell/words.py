"""Outside of quotes: words, operators, reserved words, and the beginnings of everything else."""

import re

from mlc.ir.template import Quoting
from mlc.passes.shell.lexer import CLOSE, DELIMITER, MARK, OPEN, Lexer

_SUBSCRIPT = re.compile(r"[A-Za-z_]\w*\[[^\]]*$")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(\[[^\]]*\])?\+?=")
_BEFORE_COMMAND = frozenset({"env", "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"})


def read_words(lexer: Lexer, close: str) -> None:
    """Eat everything up to and including ``close``, or to the end of the text if ``close`` is ''."""
    Words(lexer, close).read()


class Words:
    """Outside of quotes: words, operators, comments, here-documents; up to ``close`` or the end of the text."""

    def __init__(self, lexer: Lexer, close: str) -> None:
        self._lexer = lexer
        self._close = close
        self._word = ""
        self._starts = True
        """Whether a word starts here, so that ``#`` begins a comment."""
        self._command = True
        """Whether the next word is a command's name."""
        self._cases = 0
        self._let = False
        self._pending: list[tuple[str, bool, bool]] = []

    def read(self) -> None:
        """Eat everything, the closing character included."""
        if not self._lexer.enter():
            return
        while (char := self._lexer.char) and not (char == self._close and self._closes()):
            if not self._quote(char) and not self._special(char):
                self._lexer.skip()
                self._word += char
                self._starts = False
        self._lexer.leave()
        self._lexer.skip()

    def _closes(self) -> bool:
        """A closing parenthesis may end a pattern of ``case`` instead."""
        if self._close == ")" and self._cases:
            self._end_word()
            return not self._cases
        return True

    def _quote(self, char: str) -> bool:
        lexer = self._lexer
        if lexer.ahead("\\\n"):
            lexer.skip(2)
            return True
        match char:
            case "\0":
                lexer.place(self._unquoted())
            case "\\":
                lexer.escape()
            case "'":
                lexer.skip()
                lexer.quoted("'", Quoting.SINGLE, escapes=False, expands=False)
            case '"':
                lexer.skip()
                lexer.quoted('"', Quoting.DOUBLE, escapes=True, expands=True)
            case "$":
                lexer.dollar(words=True)
            case "`":
                lexer.backtick()
            case _:
                return False
        self._word += MARK
        self._starts = False
        return True

    def _unquoted(self) -> Quoting:
        if self._let or _SUBSCRIPT.fullmatch(self._word):
            return Quoting.NUMBER
        return Quoting.ASSIGNED if self._command and _ASSIGNMENT.match(self._word) else Quoting.WORDS

    def _special(self, char: str) -> bool:
        lexer = self._lexer
        match char:
            case "\1" | "\2":
                self._starts = lexer.bracket(self._starts)
            case "#" if self._starts:
                lexer.comment(self._close)
            case "<" if lexer.ahead("<<") and not lexer.ahead("<<<"):
                self._end_word()
                self._document()
            case "(" if self._command and lexer.ahead("(("):
                lexer.arithmetic()
            case "(":
                self._end_word()
                lexer.skip()
                Words(lexer, ")").read()
                self._command = False
            case " " | "\t" | ">" | "<":
                self._end_word()
                lexer.skip(3 if lexer.ahead("<<<") else 1)
            case "\n" | ";" | "&" | "|" | ")":
                self._end_word()
                self._command, self._let = True, False
                lexer.skip()
                if char == "\n" and self._pending:
                    lexer.documents(self._pending)
            case _:
                return False
        return True

    def _end_word(self) -> None:
        word, self._word, self._starts = self._word, "", True
        if not word or not self._command:
            return
        if word == "case":
            self._cases += 1
        elif word == "esac":
            self._cases -= 1
        elif word == "[[":
            self._lexer.test()
        self._let = word == "let"
        self._command = word in _BEFORE_COMMAND or "=" in word

    def _document(self) -> None:
        """Eat ``<<`` and the delimiter behind it."""
        lexer = self._lexer
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
        self._pending.append((word, is_quoted, strips))
