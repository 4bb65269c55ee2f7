"""What the YAML files of a source's tree offer by name: a quick search of their text, without parsing.

Most of what real repositories use by name has its YAML in the same repository. The tree is the repository around the
source (the nearest folder upwards with ``.git``), else the source's own folder. It is read once per run, when the
first name is asked for; folders near the root are read first, and there are limits, so that a source in somebody's
home folder does not make mlc read all of it.
"""

import os
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from mlc.files import MANIFEST
from mlc.ir.asset import AssetKind, AssetName
from mlc.records import dataclass

MOST_FILES = 20_000
"""YAML files that are looked into."""
MOST_ENTRIES = 400_000
"""Files and folders of any kind that are walked over."""

_LARGEST = 256 << 10
_NAME = re.compile(rb"""^name:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_VERSION = re.compile(rb"""^version:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_SCHEMA = re.compile(rb"^\$schema:.*?([A-Za-z]+)\.schema\.json", re.MULTILINE)
_FIELDS = re.compile(
    rb"^(command|jobs|task|entry|entry_script|image|conda_file|build|path"
    rb"|experiment_name|settings|trial|endpoint_name|dependencies)[ \t]*:",
    re.MULTILINE,
)
_SKIP = frozenset({"__pycache__", "node_modules", "site-packages"})
_NEVER = {b"experiment_name", b"settings", b"trial", b"endpoint_name", b"dependencies"}
_RUNS = {b"command", b"jobs", b"task", b"entry", b"entry_script"}
_BUILDS = {b"image", b"conda_file", b"build"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One named thing: where its YAML is, and which version it says it is (None: it does not say)."""

    file: Path
    version: str | None


Index = dict[tuple[AssetKind, str], list[Offer]]
"""What there is below a folder, by kind and name; for each the nearest file first."""


def around(folder: Path) -> Path:
    """The repository that holds ``folder``, else ``folder`` itself."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place / ".git")), folder)


def serving(offers: list[Offer], wanted: AssetName, start: Path) -> list[Offer]:
    """The offers that serve, the one to take first: of the wanted version, else of the highest.

    What lies below ``start`` counts before all else, then what lies below the nearest folder above it: elsewhere in a
    large repository the same name often means something else. For the same reason a file that says no version serves
    a wanted one below ``start``, or where it is the only one of its name.
    """
    own = [item for item in offers if item.file.is_relative_to(start)]
    fitting = [item for item in own if wanted.version is None or item.version in (None, wanted.version)]
    fitting = fitting or [item for item in offers if wanted.version in (None, item.version)]
    if not fitting and len(offers) == 1 and offers[0].version is None:
        return offers
    near = min((_climb(item, start) for item in fitting), default=0)
    fitting = [item for item in fitting if _climb(item, start) == near]
    highest = max((rank(item.version) for item in fitting), default=())
    same = [item for item in fitting if rank(item.version) == highest]
    return sorted(same, key=lambda item: _distance(item, start))


def rank(version: str | None) -> tuple[int, ...]:
    """Orders versions: ``10`` after ``9``, ``1.10`` after ``1.9``; words count as 0."""
    parts = re.split(r"[.\-]", version or "0")
    return tuple(int(part) if part.isdecimal() and len(part) < 20 else 0 for part in parts)


def index(folder: Path) -> Index:
    """Everything below ``folder`` that has a name."""
    found: Index = {}
    for path in _yaml_files(folder):
        text = _start(path)
        at = _NAME.search(text)
        kind = _kind(text) if at else None
        if at is not None and kind is not None:
            version = _VERSION.search(text)
            said = version[1].decode(errors="replace") if version else None
            found.setdefault((kind, at[1].decode(errors="replace")), []).append(Offer(path, said))
    return found


def _kind(text: bytes) -> AssetKind | None:
    """What a file describes: by its schema, else by the fields that only one kind has."""
    fields = {match[1] for match in _FIELDS.finditer(text)}
    schema = _SCHEMA.search(text)
    if schema:
        word = schema[1].lower()
        if word.endswith(b"component"):
            return AssetKind.COMPONENT
        return {b"environment": AssetKind.ENVIRONMENT, b"data": AssetKind.DATA, b"model": AssetKind.MODEL}.get(word)
    if fields & _NEVER:
        return None
    if fields & _RUNS:
        return AssetKind.COMPONENT if b"image" not in fields else None
    if fields & _BUILDS:
        return AssetKind.ENVIRONMENT
    return AssetKind.DATA if b"path" in fields else None


def _yaml_files(folder: Path) -> Iterator[Path]:
    """YAML files below ``folder``, level by level; hidden folders, installed packages and bundles are left out."""
    waiting = deque([str(folder)])
    files = entries = 0
    while waiting:
        place = waiting.popleft()
        try:
            with os.scandir(place) as listed:
                found = sorted(listed, key=lambda entry: entry.name)
        except (OSError, ValueError):
            continue
        entries += len(found)
        if any(entry.name == MANIFEST for entry in found):
            continue  # a bundle of ours has copies of the files that are meant
        for entry in found:
            if entry.name.endswith((".yml", ".yaml")):
                files += 1
                yield Path(entry.path)
            elif entry.name[0] != "." and entry.name not in _SKIP and entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
        if files > MOST_FILES or entries > MOST_ENTRIES:
            return


def _start(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe would never end
            return b""
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""


def _climb(offer: Offer, start: Path) -> int:
    """How many folders one goes up from ``start`` to a folder that holds the file."""
    return Path(os.path.relpath(offer.file, start)).parts.count("..")


def _distance(offer: Offer, start: Path) -> tuple[int, str]:
    """Steps from the folder of the source to the file, then the alphabet."""
    relative = Path(os.path.relpath(offer.file, start))
    return len(relative.parts), relative.as_posix()
