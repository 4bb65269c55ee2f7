"""Whatever was rendered is parsed again before it is written: a file that is broken is our bug, and never leaves here.

Only what mlc writes itself is looked at: the users' code, data and build contexts travel as they are.
"""

import json
import re
from collections.abc import Callable

from mlc.files import FileTree

INSTRUCTIONS = frozenset({"ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "LABEL", "RUN", "USER", "WORKDIR"})
"""What the templates use."""

_OURS = re.compile(r"[^/]+|environments/[^/]+/[^/]+")
_SETTING = re.compile(r"""[A-Za-z_][A-Za-z0-9_]*=(?:'[^'\\]*'|"(?:[^"\\]|\\.)*"|[^'"\s][^\s]*)?(?:\n|$)|#[^\n]*\n|\n""")


class InternalError(Exception):
    """A bug of mlc, not of its user: the message says so, and the traceback stays."""


class _BrokenError(Exception):
    """What is wrong with a text, and in which line (0: unknown)."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def reparse(tree: FileTree) -> FileTree:
    """``tree`` itself; raises :class:`InternalError` with file and line if a file of ours is not what its name says."""
    for path, file in tree.items():
        check = _check(path)
        if check is not None and isinstance(file.content, bytes):
            try:
                check(file.content.decode("utf-8"))
            except _BrokenError as error:
                where = f"{path}:{error.line}: {error.why}"
                raise InternalError(f"mlc wrote a broken file, which is a bug of mlc: {where}") from error
    return tree


def _check(path: str) -> Callable[[str], None] | None:
    if not _OURS.fullmatch(path):
        return None
    name = path.rpartition("/")[2]
    if name == "Dockerfile":
        return _dockerfile
    return {"yaml": _yaml, "json": _json, "env": _dotenv, "svg": _xml}.get(name.rpartition(".")[2])


def _yaml(text: str) -> None:
    """Syntax only: the C parser without building anything takes a millisecond where a load takes a hundred."""
    import yaml

    try:
        if yaml.__with_libyaml__:
            yaml.CSafeLoader(text).raw_parse()
        else:
            for _ in yaml.parse(text, Loader=yaml.SafeLoader):
                pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _BrokenError(mark.line + 1 if mark else 0, str(getattr(error, "problem", error))) from error


def _json(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise _BrokenError(error.lineno, error.msg) from error


def _dotenv(text: str) -> None:
    position = 0
    while position < len(text):
        match = _SETTING.match(text, position)
        if not match:
            raise _BrokenError(text.count("\n", 0, position) + 1, "not a setting")
        position = match.end()


def _dockerfile(text: str) -> None:
    """Every instruction is known, and the last one ends; of an author's own Dockerfile, only what mlc adds."""
    lines = text.rsplit("# What follows is added by mlc.\n", maxsplit=1)[-1].splitlines()
    continued = False
    for number, line in enumerate(lines, 1):
        code = line.strip()
        if not code or code.startswith("#"):
            continue
        if not continued and code.split()[0] not in INSTRUCTIONS:
            raise _BrokenError(number, f"unknown instruction {code.split()[0]}")
        continued = code.endswith(("\\", "`"))
    if continued:
        raise _BrokenError(len(lines), "the last instruction does not end")


def _xml(text: str) -> None:
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(text, True)
    except expat.ExpatError as error:
        raise _BrokenError(error.lineno, expat.ErrorString(error.code)) from error
