"""Components by name (``azureml:NAME:VERSION``): looked up among the YAML files of the source's own tree.

Most components that real repositories use by name have their YAML in the same repository (azureml.md, B). Files are
searched as text first; only those that could be meant are parsed. Nothing is read before the first name is asked for.
"""

import os
import re
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.files import MANIFEST
from mlc.frontend.text import did_you_mean, is_file
from mlc.frontend.yaml.scope import Scope

_NAME = re.compile(rb"""^name:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_VERSION = re.compile(rb"""^version:[ \t]*["']?([^"'\s#]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_COMPONENT = re.compile(rb"^(?:command|jobs|task|entry|entry_script):|component\.schema\.json", re.MULTILINE | re.I)
_NOT = re.compile(rb"^(?:experiment_name|settings|trial|endpoint_name|image):|job\.schema\.json", re.MULTILINE | re.I)
_SKIP = frozenset({"__pycache__", "node_modules", "site-packages"})
_LARGEST = 256 << 10
_MOST_FILES = 20_000

Found = tuple[Path, str | None]
"""A component's file and the version that it says."""


def find_component(name: str, version: str | None, span: Span, scope: Scope) -> Path | None:
    """The file of the component ``name``; ``version`` None takes the highest. None: reported.

    Of several files with that name and version the first folder counts, then the file nearest to the source.
    """
    folders = (*(Path.cwd() / folder for folder in scope.search), _tree(scope.root))
    versions: set[str] = set()
    for folder in folders:
        found = _index(folder, scope.bag).get(name, [])
        fitting = [item for item in found if version is None or item[1] in (None, version)]
        if fitting:
            highest = max(_rank(item[1]) for item in fitting)
            return min((item[0] for item in fitting if _rank(item[1]) == highest), key=lambda p: _distance(p, scope))
        versions.update(item[1] for item in found if item[1])
    asked = f"{name}:{version}" if version else name
    places = ", ".join(f"'{os.path.relpath(folder, scope.root)}'" for folder in folders)
    if versions:
        fix = f"There is version {', '.join(sorted(versions, key=_rank))}"
    else:
        known = sorted({known for folder in folders for known in _index(folder, scope.bag)})
        fix = did_you_mean(name, known) if known and did_you_mean(name, known).startswith("Did") else ""
    what = f"The component '{asked}' was not found"
    why = f"Looked for 'name: {name}' in the YAML files below {places}, seen from the source's folder"
    scope.bag.add("E117", span, what, why=why, fix=fix or "Put its YAML there, name its file, or set component_paths")
    return None


def _tree(base: Path) -> Path:
    """The repository that holds ``base`` (the nearest folder upwards with ``.git``), else ``base``."""
    return next((folder for folder in (base, *base.parents) if (folder / ".git").exists()), base)


def _index(folder: Path, bag: Bag) -> dict[str, list[Found]]:
    """Names of the components below ``folder``, once per run."""
    key = ("names", str(folder))
    if key not in bag.memo:
        bag.memo[key] = _search(folder)
    index: dict[str, list[Found]] = bag.memo[key]
    return index


def _search(folder: Path) -> dict[str, list[Found]]:
    index: dict[str, list[Found]] = {}
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIP)
        if MANIFEST in names:  # a bundle of ours has copies of the files that are meant
            folders.clear()
            continue
        for name in sorted(names):
            if not name.endswith((".yml", ".yaml")):
                continue
            count += 1
            if count > _MOST_FILES:
                return index
            path = Path(place, name)
            text = _start(path)
            at = _NAME.search(text)
            if at and _COMPONENT.search(text) and not _NOT.search(text):
                version = _VERSION.search(text)
                said = version[1].decode(errors="replace") if version else None
                index.setdefault(at[1].decode(errors="replace"), []).append((path, said))
    return index


def _start(path: Path) -> bytes:
    try:
        if not is_file(path):
            return b""
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""


def _rank(version: str | None) -> tuple[int, ...]:
    parts = re.split(r"[.\-]", version or "0")
    return tuple(int(part) if part.isdecimal() and len(part) < 20 else 0 for part in parts)


def _distance(path: Path, scope: Scope) -> tuple[int, str]:
    """Steps from the folder of the source to the file, then the alphabet."""
    relative = Path(os.path.relpath(path, scope.root))
    return len(relative.parts), relative.as_posix()
