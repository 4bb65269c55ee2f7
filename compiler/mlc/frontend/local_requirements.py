"""What pip's lines name on the author's machine: packages, folders of wheels, constraints; carried into the bundle.

Loaded only where there is such a line. Packages are copied as code is: symlinks followed, ignore files honoured.
"""

import re
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.frontend.snapshot import snapshot
from mlc.frontend.text import nearest_file, shown
from mlc.frontend.yaml.scope import local_path
from mlc.hashing import digest
from mlc.ir.environment import Requirement
from mlc.ir.local import CONSTRAINTS, FOLDER, LINKS, PACKAGE, constraints_of, place

LARGEST = 200_000_000
"""Bytes of one package or folder of wheels: what is larger is some other folder, given by mistake."""
_NAMED = re.compile(r"(?:(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?P<extras>\[[^\]]*\])?\s*@\s*)?(?P<path>\S.*)")
_EXTRAS = re.compile(r"(.+?)(\[[A-Za-z0-9._,\s-]*\])")
_ARCHIVE = re.compile(r".+\.(?:whl|tar\.gz|zip)")
_FILE_NAME = re.compile(r"[A-Za-z0-9_.+!-]+")

Files = tuple[tuple[str, File], ...]


def local_package(line: str, span: Span, base: Path, bag: Bag) -> list[Requirement]:
    """``./pkg``, ``-e .[extra]``, ``./x.whl``, ``pkg @ file:./pkg``: one line; none if the bag says why."""
    bare = re.sub(r"^(?:-e|--editable)(?:\s+|=)", "", line)
    asked, semicolon, marker = bare.partition(";")
    named = _NAMED.fullmatch(asked.strip())
    if named is None:
        bag.add("E124", span, f"'{line}' names no package", fix="Write the path of a folder or of a wheel")
        return []
    text, extras = named["path"].partition("#")[0].strip(), named["extras"] or ""
    if (found := _EXTRAS.fullmatch(text)) is not None:
        text, extras = found[1], found[2]
    path = _there(text, line, span, base, bag)
    if path is None:
        return []
    files = _package(path, line, span, bag)
    if not files:
        return []
    target = _path(files, path.name if path.is_file() else PACKAGE)
    packed = tuple((f"{target}/{name}" if path.is_dir() else target, file) for name, file in files)
    asks = f"{named['name']}{extras} @ file://{place(target)}" if named["name"] else f"{place(target)}{extras}"
    return [Requirement(text=f"{asks} ; {marker.strip()}" if semicolon else asks, span=span, files=packed)]


def local_links(text: str, line: str, span: Span, base: Path, bag: Bag) -> list[Requirement]:
    """``--find-links FOLDER``: the wheels and archives that lie in it."""
    path = _there(text, line, span, base, bag)
    if path is None:
        return []
    if not path.is_dir():
        bag.add("E124", span, f"'{line}' names a file", fix="Name the folder that the wheels are in")
        return []
    files = _archives(path)
    if not files:
        bag.add(
            "E124", span, f"'{line}' names a folder without wheels", fix="Put *.whl files there, or remove the line"
        )
        return []
    if not _is_small(files, line, span, bag):
        return []
    target = _path(files, LINKS)
    packed = tuple((f"{target}/{name}", file) for name, file in files)
    return [Requirement(text=f"--find-links {place(target)}", span=span, files=packed)]


def _archives(folder: Path) -> Files:
    """Those that can be read; none of a folder that cannot be."""
    try:
        found = sorted(item for item in folder.iterdir() if _ARCHIVE.fullmatch(item.name) and item.is_file())
    except OSError:
        return ()
    return tuple((item.name, File(item)) for item in found if _FILE_NAME.fullmatch(item.name))


def local_constraints(lines: list[Requirement], span: Span) -> list[Requirement]:
    """``-c FILE`` as one line for a file with the constraints ``lines``."""
    plain = [item.text for item in lines if not item.text.startswith("-") and not item.files]
    nested = [text for item in lines for text in constraints_of(item.text, dict(item.files)) or ()]
    asked = sorted({*plain, *nested})
    if not asked:
        return []
    content = File("".join(f"{item}\n" for item in asked).encode())
    target = _path(((CONSTRAINTS, content),), CONSTRAINTS)
    credentials = tuple(pair for item in lines for pair in item.credentials)
    return [Requirement(text=f"-c {place(target)}", span=span, credentials=credentials, files=((target, content),))]


def _there(text: str, line: str, span: Span, base: Path, bag: Bag) -> Path | None:
    """The path that ``text`` names, if something of this repository is there."""
    path = local_path(text.strip().strip("'\""), base)
    try:
        there = path.exists()
        real, root = path.resolve(), _repository(base.resolve())
    except (OSError, ValueError, RuntimeError):
        there = False
        real, root = path, None
    if not there:
        what = f"'{line}' names '{shown(path, span)}', which does not exist"
        bag.add("E124", span, what, fix=nearest_file(path, span) or "Correct the path; it is relative to this file")
        return None
    if root is not None and not real.is_relative_to(root):
        why = f"It lies outside of {root.name}, so others who check that out do not have it"
        bag.add("E124", span, f"'{line}' leaves the repository", why=why, fix="Put it into the repository")
        return None
    return path


def _repository(folder: Path) -> Path | None:
    return next((item for item in (folder, *folder.parents) if (item / ".git").exists()), None)


def _package(path: Path, line: str, span: Span, bag: Bag) -> Files:
    if path.is_file():
        if not _ARCHIVE.fullmatch(path.name) or not _FILE_NAME.fullmatch(path.name):
            fix = "Name a folder, a *.whl, *.tar.gz or *.zip; of a list of requirements, write '-r FILE'"
            bag.add("E124", span, f"'{line}' names a file that is no package", fix=fix)
            return ()
        files: Files = ((path.name, File(path)),)
    else:
        if not any((path / name).is_file() for name in ("pyproject.toml", "setup.py")):
            why = "It has neither pyproject.toml nor setup.py"
            bag.add("E124", span, f"'{line}' names a folder that is no package", why=why, fix="Add a pyproject.toml")
            return ()
        code = snapshot(path, bag, span, called="The package")
        files = code.files if code else ()
    return files if _is_small(files, line, span, bag) else ()


def _is_small(files: Files, line: str, span: Span, bag: Bag) -> bool:
    size = sum(
        len(file.content) if isinstance(file.content, bytes) else file.content.stat().st_size for _, file in files
    )
    if size <= LARGEST:
        return True
    what = f"'{line}' brings {size / 1e6:,.0f} MB into the bundle"
    fix = "Name what does not belong to it in .amlignore or .gitignore there"
    bag.add("E124", span, what, why=f"At most {LARGEST / 1e6:,.0f} MB are carried", fix=fix)
    return False


def _path(files: Files, name: str) -> str:
    """Where it lies in the bundle: named by names, executable bits and bytes of its files."""
    listed = [(path, file.executable, file.digest()) for path, file in sorted(files, key=lambda item: item[0])]
    return f"{FOLDER}/{digest(listed)[:12]}/{name}"
