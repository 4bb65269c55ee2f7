"""Programs that read others from their arguments or their input, and which of their words those are."""

import re
from enum import Enum, auto
from functools import lru_cache

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "rbash"})
"""They read the same quotes, so that a value can be quoted for them."""
_OPTIONS = {
    **dict.fromkeys(("python", "pypy", "ipython"), "c"),
    **dict.fromkeys(("perl", "ruby"), "eE"),
    **dict.fromkeys(("node", "nodejs", "deno", "bun"), "ep"),
    **dict.fromkeys(("Rscript", "R", "julia", "lua", "octave", "groovy", "scala"), "eE"),
    **dict.fromkeys(("php",), "r"),
    **dict.fromkeys(("fish", "csh", "tcsh", "pwsh", "powershell", "tclsh", "expect"), "c"),
}
_TOOLS = {"awk": "fvF", "gawk": "fvF", "mawk": "fvF", "nawk": "fvF", "sed": "f", "jq": ""}
"""Their first operand is a program; the letters are options with an argument."""
_EVERYTHING = frozenset({"ssh", "watch", "parallel", "make", "gmake", "at", "batch", "docker", "podman", "kubectl"})
"""All that they get may reach a shell elsewhere."""
_COMMAND_OPTION = frozenset({"su", "script", "flock", "runuser"})
_NAMES = frozenset({"declare", "typeset", "local", "readonly", "export", "unset", "read", "mapfile", "readarray"})
"""Builtins whose operands name variables; a subscript in a name is evaluated."""
_TESTS = frozenset({"[", "test", "printf"})
"""With ``-v`` and the name of a variable."""
_SAID = frozenset({"echo", "printf"})
_READERS = frozenset({"source", ".", "xargs"})
_STANDARD_INPUT = (["-"], ["/dev/stdin"])
_VERSION = re.compile(r"[0-9.]+$")


class Kind(Enum):
    """What a word is."""

    COMMAND = auto()
    """Read by a shell of ours, together with the others of the command that are."""
    PLAIN = auto()
    """Read by something else."""
    NAME = auto()
    """Before ``=``, the name of a variable."""


def program_words(words: list[str]) -> dict[int, Kind]:
    """Which arguments are programs, by their place in ``words``: a command's own, after ``then``, ``VAR=x``, ..."""
    first = name_of(words[0])
    found: dict[int, Kind] = {}
    if first == "eval":
        found |= dict.fromkeys(range(1, len(words)), Kind.COMMAND)
    elif first == "trap" and len(words) > 2:
        found[1] = Kind.COMMAND
    elif first in _NAMES:
        found |= dict.fromkeys(range(1, len(words)), Kind.NAME)
    elif first in _TESTS:
        found |= {place + 1: Kind.NAME for place, word in enumerate(words[:-1]) if word == "-v"}
    if first in _SAID:
        return found
    for place, word in enumerate(words):
        found |= _of(name_of(word), place, words)
    return found


def _of(name: str, place: int, words: list[str]) -> dict[int, Kind]:
    if name in SHELLS:
        program = _shell_program(words, place)
        return {} if program is None else {program: Kind.COMMAND}
    if name in _COMMAND_OPTION:
        options = (number for number in range(place + 1, len(words) - 1) if words[number] in {"-c", "--command"})
        return {number + 1: Kind.COMMAND for number in options}
    if name in _EVERYTHING:
        return dict.fromkeys(range(place + 1, len(words)), Kind.PLAIN)
    if name in _TOOLS:
        return dict.fromkeys(_tool_programs(words, place, _TOOLS[name]), Kind.PLAIN)
    letters = _OPTIONS.get(name)
    if letters is None:
        return {}
    found = {}
    for number in range(place + 1, len(words) - 1):
        option = words[number]
        if not option.startswith("-"):
            break
        if option in {"--eval", "--command", "--print"} or (option[1:2] != "-" and option[-1] in letters):
            found[number + 1] = Kind.PLAIN
    return found


def reads_program(words: list[str]) -> Kind | None:
    """How the standard input of a command is read, if it is a program."""
    for place, word in enumerate(words):
        kind = _reads(name_of(word), place, words)
        if kind is not None or name_of(word) in SHELLS:
            return kind
    return None


def _reads(name: str, place: int, words: list[str]) -> Kind | None:
    if name in _EVERYTHING:
        return Kind.PLAIN
    if name not in SHELLS and name not in _OPTIONS and name not in _READERS:
        return None
    rest = words[place + 1 :]
    operands = [text for text in rest if not text.startswith("-") or text == "-"]
    if name == "xargs":
        return Kind.PLAIN if any(name_of(text) in SHELLS for text in operands) else None
    if operands[:1] in _STANDARD_INPUT:
        return Kind.PLAIN if name in _OPTIONS else Kind.COMMAND
    if name in SHELLS:
        takes = not operands or any(_is_option(text, "s") for text in rest)
        return Kind.COMMAND if takes and _shell_program(words, place) is None else None
    return Kind.PLAIN if name in _OPTIONS and not operands and not _of(name, place, words) else None


def runs_files(words: list[str]) -> bool:
    """Whether a command runs a file that one of its words names."""
    return any(name_of(word) in {*SHELLS, *_OPTIONS, "source", ".", "chmod"} for word in words)


@lru_cache(maxsize=4096)
def name_of(word: str) -> str:
    """The program that a word starts: without its folder and version."""
    name = word[word.rfind("/") + 1 :]
    return (_VERSION.sub("", name) or name) if name[-1:].isdigit() else name


def _shell_program(words: list[str], place: int) -> int | None:
    """The word behind ``-c`` and other options of a shell."""
    has_program, number = False, place + 1
    while number < len(words) and words[number][:1] in {"-", "+"} and len(words[number]) > 1:
        has_program = has_program or _is_option(words[number], "c")
        number += 2 if words[number][:2] != "--" and words[number][-1] in "oO" else 1
    return number if has_program and number < len(words) else None


def _is_option(word: str, letter: str) -> bool:
    return word[:1] == "-" and word[:2] != "--" and letter in word


def _tool_programs(words: list[str], place: int, with_argument: str) -> list[int]:
    explicit = [n + 1 for n in range(place + 1, len(words) - 1) if words[n] in {"-e", "--expression", "-ne", "-ie"}]
    if explicit:
        return explicit
    number = place + 1
    while number < len(words) and words[number].startswith("-") and len(words[number]) > 1:
        if words[number] in {"-f", "--file"}:
            return []
        number += 2 if words[number][1:] in tuple(with_argument) else 1
    return [number] if number < len(words) else []
