"""``additional_includes``: files and folders from elsewhere, put into the code's root under their own names.

An entry ``lib.zip`` that does not exist while the folder ``lib`` does means that folder as an archive.
"""

import io
from collections.abc import Sequence
from pathlib import Path

from mlc.diagnostics import Span
from mlc.files import File
from mlc.frontend.collected import Collected
from mlc.frontend.ignore import Rules, load_patterns
from mlc.frontend.text import is_file, is_folder, nearest_file
from mlc.records import dataclass


@dataclass(frozen=True, slots=True)
class Include:
    """An additional include: as written, its absolute path, its place."""

    text: str
    path: Path
    span: Span


def add_includes(collected: Collected, includes: Sequence[Include], rules: Rules, root: Path | None) -> None:
    """Add each include to ``collected``. ``rules`` are the code's own; ``root`` is the code (a folder) or None."""
    own = dict(collected.files)
    for include in includes:
        path = include.path
        name = path.name
        if not name:
            what = f"The root folder '{include.text}' cannot be an additional include"
            _refuse(collected, include, what, "Name the folders inside it that are needed")
        elif is_file(path) or (path.suffix == ".zip" and not is_folder(path) and is_folder(path.with_suffix(""))):
            if name in own or (root is not None and (is_file(root / name) or is_folder(root / name))):
                what = f"The code already has a file '{name}', which the additional include '{include.text}' would hide"
                _refuse(collected, include, what, "Rename one of them")
            elif not rules.excludes(name, folder=False):
                _add_file(collected, include, name)
        elif is_folder(path):
            _add_folder(collected, include, rules, own)
        else:
            what = f"The additional include '{include.text}' does not exist"
            _refuse(collected, include, what, nearest_file(path, include.span))


def _add_file(collected: Collected, include: Include, name: str) -> None:
    if is_file(include.path):
        collected.add(include.path, name, Rules())
        return
    inner = Collected(collected.bag, include.span)
    folder = include.path.with_suffix("")
    inner.add(folder, "", _rules(Rules(), folder, "", collected))
    collected.failed |= inner.failed
    collected.files[name] = File(_archive(inner.files))


def _add_folder(collected: Collected, include: Include, rules: Rules, own: dict[str, File]) -> None:
    name = include.path.name
    inner = Collected(collected.bag, include.span)
    inner.add(include.path, name, _rules(rules, include.path, f"{name}/", collected))
    collected.failed |= inner.failed
    for path, file in inner.files.items():
        if path in own and own[path] != file:
            what = f"The code already has a file '{path}', which the additional include '{include.text}' would hide"
            _refuse(collected, include, what, "Rename one of them")
            return
        collected.files[path] = file


def _rules(rules: Rules, folder: Path, prefix: str, collected: Collected) -> Rules:
    """The code's rules and those of the included folder itself."""
    found = load_patterns(folder, collected.bag)
    return Rules((*rules.sets, (prefix, found)) if found else rules.sets, nested=True)


def _archive(files: dict[str, File]) -> bytes:
    """A zip file whose bytes depend on names and contents only."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in sorted(files.items()):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o100000 | file.mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, file.read())
    return buffer.getvalue()


def _refuse(collected: Collected, include: Include, what: str, fix: str) -> None:
    collected.failed = True
    collected.bag.add("E120", include.span, what, fix=fix)
