"""uv's answer in the form of PEP 751: which files of a package may be installed, with their hashes and sizes.

uv lists only wheels that fit the platform and the Python that it resolved for.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from mlc.ir.lock import LockedPackage


def packages(text: str, *, from_source: frozenset[str] = frozenset(), local: str = "") -> tuple[LockedPackage, ...]:
    """The packages of a ``pylock.toml``; ``from_source``: names of which no wheel is to be taken (``:all:`` for every).

    ``local`` is the folder that the bundle's files lay in: sources below it are written as relative to it.
    ``ValueError`` (also ``tomllib``'s, a ``ValueError``) with a sentence where it is not what uv writes.
    """
    tables = tomllib.loads(text).get("packages", [])
    try:
        return tuple(_inside(_package(table, from_source), local) for table in tables)
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"uv wrote something that mlc does not understand: {problem!r}") from None


def _inside(package: LockedPackage, local: str) -> LockedPackage:
    source = package.source.removeprefix("file://")
    if not local or not source.startswith(f"{local}/"):
        return package
    # The path is named by what lies there, so a hash says nothing new.
    return replace(package, source=source.removeprefix(f"{local}/").partition("#")[0])


def _package(table: Mapping[str, Any], from_source: frozenset[str]) -> LockedPackage:
    name, version = str(table["name"]), str(table.get("version", ""))
    if (git := table.get("vcs")) is not None:
        below = f"#subdirectory={git['subdirectory']}" if git.get("subdirectory") else ""
        source = f"{git['type']}+{git['url']}@{git['commit-id']}{below}"
        return LockedPackage(name=name, version=version, source=source)
    if (archive := table.get("archive")) is not None:
        return _archive(name, version, archive)
    if (folder := table.get("directory")) is not None:
        return LockedPackage(name=name, version=version, source=str(folder["path"]))
    built = not ({name, ":all:"} & from_source)
    files = list(table.get("wheels", ())) if built else []
    files = files or ([table["sdist"]] if "sdist" in table else list(table.get("wheels", ())))
    hashes = tuple(sorted(filter(None, map(_hash, files))))
    return LockedPackage(
        name=name, version=version, hashes=hashes, size=max((int(file.get("size", 0)) for file in files), default=0)
    )


def _archive(name: str, version: str, archive: Mapping[str, Any]) -> LockedPackage:
    """A file at an address of its own: the address carries the hash, and whoever installs it looks at that."""
    digest = _hash(archive).removeprefix("sha256:")
    address = urlsplit(str(archive.get("url") or archive["path"]))._replace(fragment="").geturl()
    parts = [f"sha256={digest}"] if digest else []
    if archive.get("subdirectory"):
        parts.append(f"subdirectory={archive['subdirectory']}")
    source = f"{address}#{'&'.join(parts)}" if parts else address
    return LockedPackage(name=name, version=version, source=source, size=int(archive.get("size", 0)))


def _hash(file: Mapping[str, Any]) -> str:
    value = file.get("hashes", {}).get("sha256", "")
    return f"sha256:{value}" if value else ""


def annotations(lines: Iterator[str]) -> dict[str, tuple[str, ...]]:
    """Who asks for a package, by its name, from the comments of uv's requirements (``a==1  # via b, -r in.txt``)."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        asked, mark, via = line.partition("# via ")
        if mark and not asked.lstrip().startswith("#"):
            name = asked.partition("==")[0].partition(" @ ")[0].strip()
            names = {who.strip() for who in via.split(",")}
            by_author = any(who.startswith("-r ") for who in names)
            found[name] = () if by_author else tuple(sorted(who for who in names if who and not who.startswith("-")))
    return found
