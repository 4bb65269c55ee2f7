"""How a shell would read a command around its placeholders: a small lexer of the POSIX shell, with bash's extras.

The launcher puts values into commands as data. For that it must know what surrounds each placeholder: quotes, a
here-document, a comment, arithmetic, or a command inside of another one (``bash -c '...'``). Where no quoting can keep
a value from being evaluated, the answer is a sentence that says why. When in doubt the lexer answers so, too.
"""

from collections.abc import Iterator
from functools import lru_cache

from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text
from mlc.passes.shell.lexer import CLOSE, MARK, OPEN, Answer, Grammar, Lexer
from mlc.passes.shell.programs import revise
from mlc.passes.shell.words import read_words

_GRAMMAR = Grammar(read_words, revise)


def answers(template: Template) -> tuple[Answer, ...]:
    """For every placeholder, in reading order, what surrounds it."""
    return read_template(template)[0]


@lru_cache(maxsize=4096)
def read_template(template: Template) -> tuple[tuple[Answer, ...], frozenset[int]]:
    """The same, and the numbers of the placeholders that stand where the name of a command does."""
    lexer = Lexer("".join(_flat(template)), _GRAMMAR)
    return tuple(lexer.run()), frozenset(lexer.named)


def _flat(template: Template) -> Iterator[str]:
    for part in template:
        match part:
            case Text():
                yield part.text.translate({0: "?", 1: "?", 2: "?"})
            case InputRef() | OutputRef():
                yield MARK
            case Bracket():
                yield OPEN
                yield from _flat(part.parts)
                yield CLOSE
