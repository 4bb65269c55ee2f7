"""Why a conda solver found nothing, in a person's words: from the tree that it prints, and from what there is."""

import difflib
import re
from collections.abc import Sequence
from typing import Protocol

from mlc.images.locks.conda_question import spec_name
from mlc.records import dataclass

SHOWN = 5
"""Versions and needs that a message names."""

_TREE = re.compile(r"^[\s│├└─]*")
_NONE = re.compile(r"^No candidates were found for (\S+) ?(.*?)\.?$")
_NEED = re.compile(r"(.*?),? (?:which|for which) (?:can|cannot|no|conflicts|do|is)")
_TAIL = re.compile(r" (?:can|cannot) be installed.*| is excluded because (.*)$")
_ASSUMED = {
    "__glibc": "A newer C library than base images are assumed to have",
    "__linux": "A newer Linux than machines are assumed to have",
    "__cuda": "It needs a GPU, which no step of this environment reserves (or a newer driver than is assumed)",
    "__archspec": "It needs special instructions of the processor",
    "__win": "It is for Windows",
    "__osx": "It is for macOS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """``text`` says it in a line or two; ``names`` are the asked packages that it is about; ``fix`` may be ''."""

    text: str
    names: tuple[str, ...] = ()
    fix: str = ""


class Market(Protocol):
    """What the channels have."""

    async def names(self) -> list[str]:
        """Of all packages."""

    async def versions(self, name: str) -> list[str]:
        """Of one package, newest first."""


async def reason_of(message: str, specs: Sequence[str], channels: Sequence[str], subdir: str, market: Market) -> Reason:
    """The reason in what the solver printed about ``specs``; ``channels`` as people know them."""
    text = message.strip().removeprefix("Cannot solve the request because of: ")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return Reason(text="The solver gave no reason")
    asked = {spec_name(spec) for spec in specs}
    if len(lines) == 1 and (none := _NONE.match(lines[0])):
        return await _not_there(none[1], none[2], ", ".join(channels), subdir, market)
    needs, assumed = _needs(lines)
    words = {spec_name(_TREE.sub("", line)) for line in lines}
    told = "; ".join(needs[:SHOWN]) + (f"; and {len(needs) - SHOWN} more" if len(needs) > SHOWN else "")
    return Reason(
        text=". ".join(part for part in (assumed, told) if part) or _flat(lines),
        names=tuple(sorted(asked & words)),
    )


async def _not_there(name: str, version: str, channels: str, subdir: str, market: Market) -> Reason:
    """One package, asked for by itself, that no channel has so."""
    plain = spec_name(name)
    versions = await market.versions(plain)
    if not versions:
        near = difflib.get_close_matches(plain, await market.names(), 1)
        fix = f"Did you mean {near[0]!r}?" if near else ""
        return Reason(text=f"There is no {plain!r} for {subdir} in {channels}", names=(plain,), fix=fix)
    shown = ", ".join(versions[:SHOWN]) + (", ..." if len(versions) > SHOWN else "")
    what = f"{plain} {version.removesuffix('.*')}".rstrip(" *")
    return Reason(text=f"There is no {what} for {subdir} in {channels}, but {shown}", names=(plain,))


def _needs(lines: list[str]) -> tuple[list[str], str]:
    """Who needs what, each once, from the tree; and which assumption about the machine stands in the way, if any."""
    path: list[tuple[int, str]] = []
    found: dict[str, None] = {}
    assumed = ""
    for line in lines:
        depth = len(_TREE.match(line)[0])  # type: ignore[index]
        text = line[depth:].rstrip(".,")
        while path and path[-1][0] >= depth:
            path.pop()
        parent = path[-1][1] if path else ""
        need = _NEED.match(text)
        if parent and need:
            found[f"{parent} needs {need[1]}"] = None
            assumed = assumed or _ASSUMED.get(spec_name(need[1]), "")
        elif excluded := re.search(r"^(.*?) is excluded because (.*)$", text):
            found[f"{excluded[1]} does not count: {excluded[2]}"] = None
        path.append((depth, text.removesuffix(" would require") if text.endswith(" would require") else ""))
    return list(found), assumed


def _flat(lines: list[str]) -> str:
    """The tree as one line."""
    return " / ".join(_TREE.sub("", line).rstrip(".,") for line in lines)
