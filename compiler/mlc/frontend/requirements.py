"""Lines of pip: requirements and options, with ``-r file`` replaced by the lines of that file.

The image is built without the author's folders, so what refers to a local file cannot be installed and is refused.
"""

import re
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.ir.environment import Requirement

_NESTED = re.compile(r"(?:-r|--requirement)(?:\s+|=|(?=[^-\s]))(.+)")
_LOCAL = re.compile(r"(?:(?:-e|--editable)(?:\s+|=))?(?:\.{0,2}/|\.{1,2}$|file:|[A-Za-z]:\\|.*\.(?:whl|tar\.gz|zip)$)")
_URL = re.compile(r"(?:[A-Za-z0-9_.\-\[\],]+\s*@\s*)?(?:(?:-e|--editable)\s+)?[a-z+]+://")
_CONSTRAINT = re.compile(r"(?:-c|--constraint)\b")
_LINKS = re.compile(r"(?:-f|--find-links)(?:\s+|=)(\S.*)")
_NAMED = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*(.*)", re.DOTALL)
_VERSION = r"\s*(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9_.*+!-]+\s*"
_VERSIONS = re.compile(rf"(?:{_VERSION}(?:,{_VERSION})*,?\s*|\({_VERSION}(?:,{_VERSION})*\)\s*)?")
_OWN_OPTION = re.compile(r"\s--[a-z]")
_DEEPEST = 10


def pip_lines(text: str, span: Span, base: Path, bag: Bag, depth: int = 0) -> list[Requirement]:
    """One item of a pip list as requirements; ``base`` is the folder that file names are relative to."""
    line = re.sub(r"(^|\s)#.*", "", text).strip()
    if not line:
        return []
    if any(char in line for char in "\n\r\0"):
        bag.add("E124", span, "A requirement must be one line", fix="Write one requirement per item of the list")
        return []
    nested = _NESTED.fullmatch(line)
    if nested:
        return _file(nested.group(1).strip().strip("'\""), span, base, bag, depth)
    if _CONSTRAINT.match(line):
        fix = "Write the versions into the requirements"
        bag.add("E124", span, f"'{line}' is a constraints file", why="mlc does not read those", fix=fix)
        return []
    if _LOCAL.match(line) and not _URL.match(line):
        why = "The image is built without the folders of this machine"
        fix = "Name a package of an index, or put it into the component's code"
        bag.add("E124", span, f"'{line}' is a local package", why=why, fix=fix)
        return []
    links = _LINKS.fullmatch(line)
    if links and "://" not in links[1] and not links[1].startswith("$"):
        why = "The image is built without the folders of this machine"
        fix = "Name a page of links (https://...), or an index"
        bag.add("E124", span, f"'{line}' names a folder", why=why, fix=fix)
        return []
    wrong = None if line.startswith("-") or _URL.match(line) else misspelt(line)
    if wrong:
        bag.add("E124", span, f"'{line}' is not a requirement", why=wrong, fix="Write it like 'numpy==1.26.4'")
        return []
    return [_kept(line, span, bag)]


def _kept(line: str, span: Span, bag: Bag) -> Requirement:
    """The requirement without credentials: the text goes into bundles, locks and keys."""
    if "@" not in line:
        return Requirement(text=line, span=span)
    from mlc.config.network import without_credentials

    text, taken = without_credentials(line)
    if taken:
        variable = taken[0][0]
        what = "A requirement holds a name or password in clear"
        why = f"Bundles and locks get ${{{variable}}} in its place, and builds made by mlc its value as a secret"
        fix = f"Write ${{{variable}}} here, too, and set it in the environment wherever the bundle is built"
        bag.add("W636", span, what, why=why, fix=fix)
    return Requirement(text=text, span=span, credentials=taken)


def misspelt(line: str) -> str | None:
    """What is wrong with a requirement by name and versions, as pip reads it; None: nothing."""
    asked = _OWN_OPTION.split(line.split(";", 1)[0], maxsplit=1)[0].strip()
    named = _NAMED.fullmatch(asked)
    if named is None:
        return "It does not begin with a package's name"
    rest = named.group(1).strip()
    if _VERSIONS.fullmatch(rest):
        return None
    if (turned := re.match(r"=([<>])", rest)) is not None:
        return f"It says '={turned[1]}' for '{turned[1]}='"
    if re.match(r"=[^=]", rest):
        return "pip compares with '==', a single '=' is conda's"
    if re.search(r"[=<>~!]$", rest):
        return "It has no version behind the comparison"
    return f"{rest!r} is not a choice of versions"


def _file(name: str, span: Span, base: Path, bag: Bag, depth: int) -> list[Requirement]:
    from mlc.frontend.text import read_text

    if depth >= _DEEPEST:
        bag.add("E124", span, f"'-r {name}' is nested too deeply", why="Do the files name each other?")
        return []
    path = base / name
    text = read_text(path, bag, span)
    found: list[Requirement] = []
    for number, line in _logical_lines(text or ""):
        found.extend(pip_lines(line, Span(str(path), number, 1), path.parent, bag, depth + 1))
    return found


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; a backslash at the end joins the next one."""
    found: list[tuple[int, str]] = []
    start, held = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        if line.endswith("\\"):
            held += line[:-1]
            continue
        found.append((start, held + line))
        start, held = 0, ""
    if held:
        found.append((start, held))
    return found
