"""Files of the author's machine that pip's lines name: the bundle carries them, in folders named by what they hold.

In a recipe such a line names the place where builds see the file. So the text is all that keys, Dockerfiles and locks
have to know: another content is another text, another name, place or time is not.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from mlc.files import FileTree

BUILD_FOLDER = "/tmp/mlc"
"""Where builds see the bundle's files."""
FOLDER = "environments/local"
"""Where they lie in the bundle: ``<FOLDER>/<12 hex digits>/<name>``."""
CONSTRAINTS, LINKS, PACKAGE = "constraints.txt", "links", "package"
"""The last part of the path, but for archives: their names say what they are."""

_PLACE = re.compile(rf"{BUILD_FOLDER}/({FOLDER}/[0-9a-f]{{12}}/[A-Za-z0-9_.+!-]+)")


def place(path: str) -> str:
    """What stands in a line of pip for the bundle's ``path``."""
    return f"{BUILD_FOLDER}/{path}"


def carried(lines: Iterable[str]) -> tuple[str, ...]:
    """Paths in the bundle, sorted, of the files and folders that ``lines`` name."""
    return tuple(sorted({path for line in lines for path in _PLACE.findall(line)}))


def moved(line: str, root: str) -> str:
    """``line`` for a machine where ``root`` holds what the bundle carries; ``.`` for people."""
    return _PLACE.sub(lambda match: f"{root}/{match[1]}", line)


def constraints_of(line: str, files: FileTree) -> tuple[str, ...] | None:
    """The constraints that a line ``-c`` names; None for any other line."""
    paths = carried((line,))
    if not line.startswith("-c ") or not paths:
        return None
    file = files.get(paths[0])
    return tuple(file.read().decode().splitlines()) if file else ()


def put(files: FileTree, root: Path) -> None:
    """Write ``files`` below ``root``."""
    for path, file in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read())
        target.chmod(file.mode)
