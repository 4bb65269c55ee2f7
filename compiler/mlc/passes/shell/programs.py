"""Commands in commands: ``bash -c '...'``, ``eval``, ``python - <<EOF``, ``... | sh``, variables that end up in them.

The shell that reads an inner command sees a value only after the outer one took its quotes away. So a value is quoted
for the inner command first and for the outer one then. Where an inner program is of another language, or is pieced
together, only plain text may be put in: :attr:`Quoting.PLAIN`.
"""

import re
from collections.abc import Sequence

from mlc.ir.template import Quoting
from mlc.passes.shell.commands import Command, Document, Word
from mlc.passes.shell.decode import Decoded, decode_document, decode_word
from mlc.passes.shell.known_programs import Kind, name_of, program_words, reads_program, runs_files
from mlc.passes.shell.lexer import CLOSE, MARK, OPEN, Answer, Lexer
from mlc.passes.shell.words import ASSIGNMENT, BEFORE_COMMAND
from mlc.records import dataclass

_RAW_INSIDE = "the here-document in this inner command is read twice; leave the quotes of its delimiter out"
_DOLLAR_INSIDE = "a dollar sign or a backslash right before it would act on it in the inner command"
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_USED = re.compile(r"\$\{?[!#]?([A-Za-z_]\w*)", re.ASCII)


def revise(lexer: Lexer) -> None:
    """Change the answers for placeholders that stand in inner commands."""
    read = [_Read(lexer, command) for command in lexer.commands]
    revision = _Revision(lexer, read)
    for command in read:
        revision.command(command)
    revision.files()
    revision.variables()


class _Read:
    """A command with its words decoded; ``own``: those from its name on."""

    def __init__(self, lexer: Lexer, command: Command) -> None:
        self.command = command
        self.words = [(word, decode_word(lexer, word)) for word in command.words]
        arguments = [(word, text) for word, text in self.words if not word.redirection]
        start = 0
        for _, text in arguments:
            if text.text not in BEFORE_COMMAND and not ASSIGNMENT.match(text.text):
                break
            start += 1
        self.before = arguments[:start]
        self.own = arguments[start:]
        self.texts = [text.text for _, text in self.own]
        self.programs = program_words(self.texts) if self.texts else {}
        self.input = reads_program(self.texts)


@dataclass(slots=True)
class _Revision:
    """One look at all commands of a text."""

    lexer: Lexer
    read: list[_Read]

    def command(self, read: _Read) -> None:
        """Programs among the arguments and in what the command reads."""
        if not read.texts:
            return
        if read.texts[0].lstrip("\\").startswith(MARK):
            self.lexer.named.add(read.own[0][1].seen[0])
        kinds = read.programs
        inner = [read.own[place] for place, kind in sorted(kinds.items()) if kind is Kind.COMMAND]
        if inner:
            self._commands(inner)
        for place, kind in kinds.items():
            word, text = read.own[place]
            if kind is Kind.PLAIN:
                self._plain(word.start, word.end)
            elif kind is Kind.NAME:
                self._plain(word.start, self._equals(word, text))
        if read.input is not None:
            self._input(read, read.input)

    def _commands(self, inner: list[tuple[Word, Decoded]]) -> None:
        """Words that a shell joins and reads."""
        joined = " ".join(text.text for _, text in inner)
        if len(inner) > 1 and (OPEN in joined or CLOSE in joined):
            for word, _ in inner:
                self._plain(word.start, word.end)
            return
        self._all_inner([number for _, text in inner for number in text.seen], joined)
        for _, text in inner:
            self._hidden(text)

    def _all_inner(self, numbers: Sequence[int], text: str) -> None:
        """The placeholders ``numbers`` stand in ``text``, in this order, which a shell reads."""
        if not numbers:
            return
        answers, named = self.lexer.inner(text)
        self.lexer.named |= {numbers[place] for place in named}
        places = (match.start() for match in re.finditer(MARK, text))
        for number, place, answer in zip(numbers, places, answers, strict=True):
            self._surround(number, _DOLLAR_INSIDE if text[place - 1 : place] in {"\\", "$"} else answer)

    def _surround(self, number: int, inner: Answer) -> None:
        outer = self.lexer.found[number]
        if isinstance(outer, str):
            return
        if isinstance(inner, str):
            self.lexer.found[number] = inner
        elif Quoting.RAW in inner:
            self.lexer.found[number] = _RAW_INSIDE
        else:
            whole = Quoting.ASSIGNED if outer[0] is Quoting.WORDS else outer[0]
            self.lexer.found[number] = (*inner, whole, *outer[1:])

    def _hidden(self, text: Decoded) -> None:
        for number in text.hidden:
            self._plainly(number)

    def _plain(self, start: int, end: int) -> None:
        for number in range(self.lexer.placeholder_at(start), self.lexer.placeholder_at(end)):
            self._plainly(number)

    def _plainly(self, number: int) -> None:
        found = self.lexer.found[number]
        if not isinstance(found, str) and found[0] not in {Quoting.PLAIN, Quoting.NUMBER, Quoting.COMMENT}:
            self.lexer.found[number] = (Quoting.PLAIN, *found)

    def _equals(self, word: Word, text: Decoded) -> int:
        """The end of a name: before ``=``, where there is one."""
        place = self.lexer.text.find("=", word.start, word.end) if "=" in text.text else -1
        return word.end if place < 0 else place

    def _input(self, read: _Read, kind: Kind) -> None:
        """What comes through a pipe, a here-document or ``<<<``."""
        command = read.command
        if command.pipeline < command.start:
            self._plain(command.pipeline, command.start)
            for other in self.lexer.commands:
                if command.pipeline <= other.start < command.start:
                    for document in other.documents:
                        self._plain(document.start, document.end)
        texts: list[tuple[Document | Word, Decoded]] = []
        texts += [(document, decode_document(self.lexer, document)) for document in command.documents]
        texts += [(word, text) for word, text in read.words if word.redirection == "<<<"]
        for place, text in texts:
            if kind is Kind.PLAIN:
                self._plain(place.start, place.end)
                continue
            self._all_inner(text.seen, text.text)
            self._hidden(text)

    def files(self) -> None:
        """What is written to a file that is run later."""
        run = {name_of(text) for read in self.read if runs_files(read.texts) for text in read.texts}
        run |= {name_of(read.texts[0]) for read in self.read if read.texts and "/" in read.texts[0]}
        for read in self.read:
            targets = [text.text for word, text in read.words if word.redirection in {">", ">>", ">|", "&>"}]
            if read.texts[:1] == ["tee"]:
                targets += read.texts[1:]
            if any(name_of(target) in run for target in targets if target.strip(MARK)):
                self._plain(read.command.start, read.command.end)
                self._plain(read.command.pipeline, read.command.start)
                for document in read.command.documents:
                    self._plain(document.start, document.end)

    def variables(self) -> None:
        """What is put into a variable that is then read as arithmetic, or becomes part of an inner command."""
        holders = self._holders()
        numbers = {name for start, end in self.lexer.evaluated for name in _NAME.findall(self.lexer.text[start:end])}
        for name in self._closure(numbers):
            for number in holders.get(name, ()):
                if not isinstance(self.lexer.found[number], str):
                    self.lexer.found[number] = (Quoting.NUMBER,)
        for name in self._closure(self._evaluated()):
            for number in holders.get(name, ()):
                self._plainly(number)

    def _holders(self) -> dict[str, list[int]]:
        """The placeholders that variables get, by the variable's name."""
        found: dict[str, list[int]] = {}
        for read in self.read:
            for name, text in self._assigned(read):
                found.setdefault(name, []).extend(text.seen)
        return found

    def _assigned(self, read: _Read) -> list[tuple[str, Decoded]]:
        found = []
        for _, text in [*read.before, *read.own]:
            if ASSIGNMENT.match(text.text) and (name := _NAME.match(text.text)):
                found.append((name[0], text))
        if read.texts[:1] == ["for"] and len(read.texts) > 1:
            found += [(read.texts[1], text) for _, text in read.own[2:]]
        if read.texts[:1] == ["read"]:
            strings = [text for word, text in read.words if word.redirection == "<<<"]
            strings += [decode_document(self.lexer, document) for document in read.command.documents]
            found += [(name, text) for name in read.texts[1:] for text in strings]
        return found

    def _closure(self, names: set[str]) -> set[str]:
        """``names``, and the variables that those are made of."""
        made: dict[str, set[str]] = {}
        for read in self.read:
            for name, text in self._assigned(read):
                made.setdefault(name, set()).update(_used(text))
        found, open_ = set(), list(names)
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                open_ += made.get(name, ())
        return found

    def _evaluated(self) -> set[str]:
        """Variables that stand in inner commands, and are there before those are read."""
        found: set[str] = set()
        for read in self.read:
            if not read.texts:
                continue
            for place, kind in read.programs.items():
                if kind is not Kind.NAME:
                    found |= _used(read.own[place][1])
            if read.input is not None:
                command = read.command
                stretch = self.lexer.text[command.pipeline : command.start] if command.pipeline >= 0 else ""
                found |= set(_USED.findall(stretch))
                texts = [decode_document(self.lexer, document) for document in command.documents]
                found |= {name for text in texts for name in _used(text)}
                found |= {name for word, text in read.words if word.redirection == "<<<" for name in _used(text)}
        return found


def _used(text: Decoded) -> set[str]:
    return {name for expansion in text.expansions for name in _USED.findall(expansion)}
