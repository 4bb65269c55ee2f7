"""``requirements.txt``, and the part of it that is installed first because it is large and rarely changes."""

import re
from collections.abc import Iterable

from mlc.ir.heavy import HEAVY

_OTHERS = ("-r", "--requirement", "-c", "--constraint", "-e", "--editable")
"""Options that bring packages of their own: the list is then installed as one."""

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def requirements_file(lines: Iterable[str]) -> str:
    """The file's text."""
    return "".join(f"{line}\n" for line in lines)


def heavy(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines to install first, options (which index, ...) included; none if that would be all or nothing.

    Installing the whole list afterwards makes the result right whatever the first part chose.
    """
    options = [line for line in lines if line.lstrip().startswith("-")]
    packages = [line for line in lines if not line.lstrip().startswith(("-", "#")) and line.strip()]
    first = [line for line in packages if _normal_name(line) in HEAVY]
    if not first or len(first) == len(packages) or any(line.lstrip().startswith(_OTHERS) for line in options):
        return ()
    return (*options, *first)


def _normal_name(line: str) -> str:
    match = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""
