"""A notebook's cells as Python: magics and shell lines are taken out or turned into what they do here.

Lines keep their numbers, so that messages point at the line that the author sees.
"""

import re
from types import CodeType

from mlc.records import dataclass

RUNS_BODY = frozenset({"time", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "skip_if_false"})
"""Cell magics whose body is Python that is run."""

_SHELLS = frozenset({"bash", "sh", "cmd", "system", "sx", "!"})
_MKDIR = re.compile(r"\s*mkdir\s")
"""The one command of a shell that is done: other cells write files into the folders."""
BACKSLASH = "\\"
_WRITES = frozenset({"writefile", "file"})
_RUNS_REST = frozenset({"time", "timeit", "prun", "memit"})
_ASSIGNED = re.compile(r"(\s*)([\w.,\s\[\]'\"]+?)\s*=\s*[!%](?!=)")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class Python:
    """A cell to run."""

    text: str


@dataclass(frozen=True, slots=True)
class WriteFile:
    """``%%writefile``: ``path`` as written, with ``{names}`` and ``$names`` still in it."""

    path: str
    text: str
    append: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A cell in another language."""

    magic: str


Cell = Python | WriteFile | Skipped

WRITE = "__mlc_write__()"
"""What a ``%%writefile`` cell runs, so that a file that cannot be written is reported at the cell."""


@dataclass(frozen=True, slots=True)
class Step:
    """A cell, ready to run; ``file`` is what messages call it. ``code`` is None where there is nothing to run."""

    file: str
    cell: Cell
    code: CodeType | None


def parse_cell(source: str) -> Cell:
    """What a code cell does when a notebook is run."""
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None or not lines[first].startswith("%%"):
        return Python(python(source))
    name, _, rest = lines[first][2:].strip().partition(" ")
    body = lines[first + 1 :]
    if name in _WRITES:
        words = rest.split()
        append = any(word in {"-a", "--append"} for word in words)
        path = " ".join(word for word in words if word not in {"-a", "--append"}).strip("'\"")
        text = "\n".join(body)
        return WriteFile(path, text if text.endswith("\n") or not text else f"{text}\n", append)
    if name in RUNS_BODY:
        return Python(python("\n" * (first + 1) + "\n".join(body)))
    if name in _SHELLS:
        return Python(python("\n".join("" if not _MKDIR.match(line) else f"!{line.strip()}" for line in lines)))
    return Skipped(name)


def python(source: str) -> str:
    """``source`` without magics; untouched where it is Python already."""
    if not re.search(r"(?m)^[ \t]*[%!?]|[=][ \t]*[%!]|\?[ \t]*$", source) or _is_python(source):
        return source
    result: list[str] = []
    scanner = _Scanner()
    in_shell = False
    for line in source.split("\n"):
        if in_shell:
            in_shell = line.rstrip().endswith("\\")
            result.append("")
        elif not scanner.at_statement:
            scanner.feed(line)
            result.append(line)
        else:
            text = _line(line)
            if text is None:
                scanner.feed(line)
                result.append(line)
            else:
                in_shell = line.rstrip().endswith("\\")
                result.append(text)
    return "\n".join(result)


def _line(line: str) -> str | None:
    """What replaces a magic, a shell line or a question; None: the line is Python."""
    bare = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if re.match(r"!\s*mkdir\b", bare):
        return f"{indent}get_ipython().run_line_magic('mkdir', {bare.rstrip(BACKSLASH).partition('mkdir')[2]!r})"
    if bare.startswith("!") or ((bare.startswith("?") or bare.endswith("?")) and "#" not in bare):
        return f"{indent}pass"
    if bare.startswith("%"):
        return indent + _magic(bare.lstrip("%"))
    match = _ASSIGNED.match(line)
    if match:
        return f"{match.group(1)}{match.group(2)} = []"
    return None


def _magic(text: str) -> str:
    name, _, rest = text.partition(" ")
    rest = rest.strip()
    if name == "cd" and rest:
        return f"__import__('os').chdir(__import__('os').path.expanduser({rest.strip(chr(34) + chr(39))!r}))"
    if name in {"env", "set_env"} and re.match(r"\w+[= ]", rest):
        key, value = re.split(r"[= ]", rest, maxsplit=1)
        return f"__import__('os').environ.__setitem__({key!r}, {value.strip()!r})"
    if name in {"run", "mkdir"} and rest:
        return f"get_ipython().run_line_magic({name!r}, {rest!r})"
    if name in _RUNS_REST and rest:
        return rest
    return "pass"


def _is_python(source: str) -> bool:
    import ast

    try:
        compile(source, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Scanner:
    """Follows brackets, strings and continued lines, to know whether a new statement starts on the next line."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._continued = False

    @property
    def at_statement(self) -> bool:
        return not (self._depth or self._quote or self._continued)

    def feed(self, line: str) -> None:
        """Go over one line."""
        at = 0
        self._continued = False
        while at < len(line):
            at = self._in_string(line, at) if self._quote else self._in_code(line, at)
        if len(self._quote) == 1:
            self._quote = ""

    def _in_string(self, line: str, at: int) -> int:
        if line[at] == "\\":
            return at + 2
        if line.startswith(self._quote, at):
            at += len(self._quote)
            self._quote = ""
            return at
        return at + 1

    def _in_code(self, line: str, at: int) -> int:
        char = line[at]
        if char == "#":
            return len(line)
        if char in "'\"":
            self._quote = char * 3 if line.startswith(char * 3, at) else char
            return at + len(self._quote)
        if char == "\\" and at == len(line) - 1:
            self._continued = True
        self._depth = max(0, self._depth + _BRACKETS.get(char, 0))
        return at + 1
