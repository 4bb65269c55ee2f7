"""Lines of pip: requirements and options, with ``-r file`` replaced by the lines of that file.

What refers to files of the author's machine (packages, folders of wheels, constraints) is carried into the bundle.
"""

import re
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.ir.environment import Requirement

_NESTED = re.compile(r"(?:-r|--requirement)(?:\s+|=|(?=[^-\s]))(.+)")
_LOCAL = re.compile(r"(?:(?:-e|--editable)(?:\s+|=))?(?:\.{0,2}/|\.{1,2}$|file:|[A-Za-z]:\\|.*\.(?:whl|tar\.gz|zip)$)")
_URL = re.compile(r"(?:[A-Za-z0-9_.\-\[\],]+\s*@\s*)?(?:(?:-e|--editable)\s+)?[a-z+]+://")
_NAMED_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(?:file:|\.{1,2}/|/).*")
_CONSTRAINT = re.compile(r"(?:-c|--constraint)(?:\s+|=|(?=[^-\s]))(.+)")
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
    if (constraint := _CONSTRAINT.fullmatch(line)) is not None:
        return _constraints(constraint[1].strip().strip("'\""), span, base, bag, depth)
    links = _LINKS.fullmatch(line)
    if links and (links[1].startswith("file:") or ("://" not in links[1] and not links[1].startswith("$"))):
        from mlc.frontend.local_requirements import local_links

        return local_links(links[1], line, span, base, bag)
    if _is_local(line, base):
        from mlc.frontend.local_requirements import local_package

        return local_package(line, span, base, bag)
    wrong = None if line.startswith("-") or _URL.match(line) else misspelt(line)
    if wrong:
        bag.add("E124", span, f"'{line}' is not a requirement", why=wrong, fix="Write it like 'numpy==1.26.4'")
        return []
    return [_kept(line, span, bag)]


def _is_local(line: str, base: Path) -> bool:
    """Whether a package of this machine is meant: by a path, or (``libs/ours``) by one that is there."""
    if _NAMED_LOCAL.match(line):
        return True
    if _LOCAL.match(line):
        return "file:" in line or not _URL.match(line)
    plain = re.sub(r"^(?:-e|--editable)(?:\s+|=)", "", line)
    if plain.startswith("-") or "://" in plain or "@" in plain or ("/" not in plain and plain == line):
        return False
    return (base / plain.partition(";")[0].partition("[")[0].strip()).exists()


def _constraints(name: str, span: Span, base: Path, bag: Bag, depth: int) -> list[Requirement]:
    from mlc.frontend.local_requirements import local_constraints

    if "://" in name:
        why, fix = "mlc fetches nothing while it compiles", "Put the file beside the source"
        bag.add("E124", span, f"'-c {name}' is not local", why=why, fix=fix)
        return []
    return local_constraints(_file(name, span, base, bag, depth), span)


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
