"""What differs between the inputs of two keys, field by field and item by item, as clauses for people.

``lock: tensorflow 2.20.0 -> 2.21.0``, ``requirements: seaborn is new``, ``platform: linux/amd64 -> linux/arm64``.
"""

import re
from collections.abc import Mapping

from mlc.ir.key_fields import LISTS, items

MOST = 12
"""Items of one field that are told one by one."""

_AROUND = frozenset({"epoch", "platform", "base", "base digest", "installer"})
"""Fields that all ways to install have."""
_ASKED = frozenset({"requirements", "channels", "conda packages"})
_LOCKED = frozenset({"lock", "conda lock"})
_PINNED = re.compile(r"(?P<name>[^\s=@]+)(?:==| @ )(?P<version>\S+)(?P<rest>.*)")
_NAMED = re.compile(r"(?P<name>(?:[\w.-]+::)?[A-Za-z0-9][A-Za-z0-9._-]*)(?P<version>.*)(?P<rest>)")
_FILE = re.compile(r"(?P<name>'.*'|\".*\") (?P<version>)(?P<rest>.*)")
_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,}\b")


def key_changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """A clause for each field, or each item of a list, that is not the same; none if the keys are equal."""
    fields = [*new, *(name for name in old if name not in new)]
    found: list[str] = []
    if old.get("installer") != new.get("installer"):
        fields = [name for name in fields if name in _AROUND]
    elif (now := "lock" in new) != ("lock" in old):
        # What was asked for stands on one side, what was resolved on the other: item by item that says nothing.
        from_lock = {"base digest"} if not (old.get("base digest") and new.get("base digest")) else set()
        fields = [name for name in fields if name not in _ASKED | _LOCKED | from_lock]
        found.append("lock: there was none" if now else "lock: there is none any more")
    for name in fields:
        before, after = old.get(name), new.get(name)
        if before != after:
            found += _of_list(name, before or "", after or "") if name in LISTS else [_of_text(name, before, after)]
    return tuple(found)


def _of_text(name: str, before: str | None, after: str | None) -> str:
    about = " (mlc makes images in another way)" if name == "epoch" else ""
    if not before:
        return f"{name}: {_shown(after)} is new{about}"
    if not after:
        return f"{name}: {_shown(before)} is gone{about}"
    return f"{name}: {_shown(before)} -> {_shown(after)}{about}"


def _of_list(name: str, before: str, after: str) -> list[str]:
    old, new = items(before), items(after)
    gone, come = [item for item in old if item not in new], [item for item in new if item not in old]
    if not gone and not come:
        return [f"{name}: another order, now {', '.join(map(_shown, new))}"]
    pattern = _PINNED if name in _LOCKED else _FILE if name == "build context" else _NAMED
    clauses = [f"{name}: {clause}" for clause in _clauses(_by_name(gone, pattern), _by_name(come, pattern))]
    if len(clauses) > MOST:
        clauses[MOST - 1 :] = [f"{name}: {len(clauses) - MOST + 1} more"]
    return clauses


def _by_name(listed: list[str], pattern: re.Pattern[str]) -> dict[str, list[tuple[str, str]]]:
    """Version and rest of each item, by what the item is about; an item of another shape is about itself."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in listed:
        match = pattern.fullmatch(item) if "://" not in item.partition(" @ ")[0] else None
        name, about = (match["name"], (match["version"], match["rest"])) if match else (item, ("", ""))
        found.setdefault(name, []).append(about)
    return found


def _clauses(old: dict[str, list[tuple[str, str]]], new: dict[str, list[tuple[str, str]]]) -> list[str]:
    found = []
    for name in sorted({*old, *new}):
        before, after = old.get(name, []), new.get(name, [])
        if len(before) == len(after) == 1:
            found.append(f"{_shown(name)} {_between(*before[0], *after[0])}")
            continue
        found += [f"{_with(name, version)} is gone" for version, _ in before]
        found += [f"{_with(name, version)} is new" for version, _ in after]
    return found


def _between(before: str, rest_before: str, after: str, rest_after: str) -> str:
    if before == after:
        return "changed" if not before else f"{_shown(before)} has other files"
    return f"{_shown(before) or 'any version'} -> {_shown(after) or 'any version'}"


def _with(name: str, version: str) -> str:
    return f"{_shown(name)} {_shown(version)}".strip()


def _shown(text: str | None) -> str:
    """One line of at most 80 characters; of digests the beginning."""
    line = _DIGEST.sub(r"\1..", " ".join((text or "").split()))
    return line if len(line) <= 80 else f"{line[:77]}..."
