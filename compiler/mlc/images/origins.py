"""Which line of the user's files a failed build is about: the one that asked for the package, or that of a Dockerfile.

Builders name packages and lines of generated files; the places of what authors wrote come with the plan.
"""

import re
from pathlib import Path

from mlc.diagnostics import NOWHERE, Span
from mlc.ir.environment import Requirement
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UvInstall
from mlc.records import dataclass

_NAME = re.compile(r"\s*(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)")
_NAMED = re.compile(
    r"because (?:there (?:is|are) no versions? (?:of|matching) )?([\w.-]+)|you require ([\w.-]+)| and ([\w.-]+)[=<>~!]"
    r"|(?:build|download|download and build|mismatch for|wheels for|included because|depends on) `([\w.-]+)"
    r"|(?:distribution found for|wheel for|the requirement|No candidates were found for|nothing provides) ([\w.-]+)"
    r"|([\w.-]+)[^\n]* does not exist \(perhaps a typo|Building ([\w.-]+)==|([\w.-]+)==\S+ from https?:"
)
"""Packages as uv, pip and micromamba name them in what they say of a failure."""
_FAILED_LINE = re.compile(r"(?m)^Dockerfile:(\d+)\s*$|parse error (?:on )?line (\d+)")
_FAILED_STEP = re.compile(r"(?m)^ > \[[^\]]*\d+/\d+\] (.+?):?$")
_SPACE = re.compile(r"[\s\\]+")


@dataclass(frozen=True, slots=True)
class Blamed:
    """Places that a failure is about, the first one first; ``via``: how the package got in, where none asked for it."""

    spans: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()
    via: str = ""


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(image: Image, log: str) -> Blamed:
    """The requirements of ``image`` that ``log`` is about, in the order in which it names them."""
    lines = {_name(item): item for item in reversed(image.origins)}
    text = " ".join(log.split())
    found: dict[str, Requirement] = {}
    others: list[str] = []
    for match in _NAMED.finditer(text):
        name = normal(next(group for group in match.groups() if group).rstrip("."))
        if name in lines:
            found.setdefault(name, lines[name])
        elif name not in others:
            others.append(name)
    for item in image.origins:  # what is named by its address
        if "://" in item.text and item.text.split("://")[1].split("@")[0].split("#")[0].rstrip("/") in text:
            found.setdefault(_name(item), item)
    via = ""
    if not found:
        for name in others:
            if (root := _root(image, name, lines)) is not None:
                found[root] = lines[root]
                via = f"{name} is needed by {root}"
                break
    return Blamed(tuple(item.span for item in found.values()), tuple(item.text for item in found.values()), via)


def python_line(image: Image) -> Span:
    """The line of the conda file that asks for a Python; the environment's place where there is none."""
    for file in dict.fromkeys([*(item.span.file for item in image.origins), image.span.file]):
        for number, line in enumerate(_lines(file), start=1):
            if match := re.match(r"\s*-\s*[\"']?(?=python\s*[=<>~!])", line):
                return Span(file, number, match.end() + 1)
    return image.span


def dockerfile_line(image: Image, log: str) -> Span:
    """The line of the author's own Dockerfile that failed; the file where that is not known, or the line is ours."""
    if not isinstance(image.recipe, BuildDockerfile):
        return image.span
    lines = _lines(image.span.file)
    if match := _FAILED_LINE.search(log):
        number = int(match[1] or match[2])
        return Span(image.span.file, number, 1) if number <= len(lines) else image.span
    # Builders before 23.0 say only which instruction it was, its lines put together.
    if match := _FAILED_STEP.search(log):
        wanted = _SPACE.sub("", match[1])
        for number, line in enumerate(lines, start=1):
            if line.strip() and _SPACE.sub("", "".join(lines[number - 1 : number + 60])).startswith(wanted):
                return Span(image.span.file, number, 1)
        verb = match[1].split(" ")[0]
        same = [number for number, line in enumerate(lines, start=1) if line.lstrip().upper().startswith(f"{verb} ")]
        if len(same) == 1:
            return Span(image.span.file, same[0], 1)
    return image.span


def _name(item: Requirement) -> str:
    if "://" in item.text and " @ " not in item.text:
        return item.text
    match = _NAME.match(item.text)
    return normal(match[1]) if match else item.text


def _root(image: Image, name: str, lines: dict[str, Requirement]) -> str | None:
    """What the author asked for that needs ``name``, as the lock knows it; the nearest one."""
    if not isinstance(image.recipe, UvInstall | MambaInstall) or image.recipe.lock is None:
        return None
    via = {normal(package.name): package.via for package in image.recipe.lock.pip}
    seen, open_ = {name}, [name]
    while open_:
        here = open_.pop(0)
        for parent in map(normal, via.get(here, ())):
            if parent in lines:
                return parent
            if parent not in seen:
                seen.add(parent)
                open_.append(parent)
    return None


def _lines(file: str) -> list[str]:
    if not file or file == NOWHERE.file:
        return []
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return []
