"""The text of a lock file: written for people who read diffs, read back quickly.

A head of comment lines says what was asked for (``# requirement: seaborn>=0.13``), so that it can be said field by
field what changed since. Sections follow, each begun by a line ``## pip`` or ``## conda, update 2``; in them one entry
for each package: what is installed, the hashes of its files, and a comment with its size and who asks for it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.records import dataclass

P = TypeVar("P", LockedPackage, LockedCondaPackage)

FORMAT = "1"
"""Raised when an older mlc would misread the file."""
TITLE = "# A lock file of mlc: "
"""How the first line begins."""

_TEXT = r"[^\s\\;#]+"
_SECTION = re.compile(r"## (pip|conda)(?:, update ([1-9][0-9]{0,5}))?")
_FIELD = re.compile(r"# ([a-z][a-z -]*):(?: (.*))?")
_PINNED = re.compile(rf"([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)==({_TEXT})")
_SOURCED = re.compile(r"([a-z0-9](?:[a-z0-9-]*[a-z0-9])?) @ (\S+)")
_CONDA = re.compile(r"\S+/([^/\s]+)-([^/\s-]+)-([^/\s-]+?)(?:\.conda|\.tar\.bz2)")
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
_DIGEST = re.compile(r"[^\s@]+@(sha256:[0-9a-f]{64})")
_SIZE = re.compile(r"([0-9]+(?:\.[0-9])?) (B|kB|MB|GB)")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")
_UNITS = (("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000))


class LockTextError(ValueError):
    """A text that is no lock file: the sentence says why; ``line`` counts from 1, 0 is the file as a whole."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFile:
    """A lock, and what it answers: ``asked`` are the fields of the head, name and value, in their order."""

    asked: tuple[tuple[str, str], ...]
    lock: Lock
    notes: tuple[tuple[str, str], ...] = ()
    """Of the head as well, but not part of the question: those of :data:`NOTES`."""


NOTES = ("base-digest", "from-index")
"""Fields that say what came of it; no lock is stale because of them."""


def render(file: LockFile, environment: str) -> str:
    """The text of the lock file of ``environment``; the same content is the same text."""
    lines = [f"{TITLE}environment {environment}, resolved by `mlc lock`; keep it under version control.", "#"]
    lines.append(f"# format: {FORMAT}")
    lines += [f"# {name}: {' '.join(value.split())}".rstrip() for name, value in (*file.asked, *file.notes)]
    for kind, packages in (("conda", file.lock.conda), ("pip", file.lock.pip)):
        for generation in sorted({package.generation for package in packages}):
            lines += ["", f"## {kind}, update {generation}" if generation else f"## {kind}"]
            for package in packages:
                if package.generation == generation:
                    lines += _entry(package)
    return "\n".join(lines) + "\n"


def parse(text: str) -> LockFile:
    """What :func:`render` wrote; :class:`LockTextError` for anything else."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or not lines[0].startswith(TITLE):
        _refuse_conflicts(lines)
        raise LockTextError(1 if lines else 0, "It does not begin as lock files do")
    _refuse_conflicts(lines)
    end = next((number for number, line in enumerate(lines) if line.startswith("## ")), len(lines))
    head = _head(lines[1:end])
    pip, conda = _packages(lines, end)
    asked = tuple(field for field in head if field[0] not in NOTES)
    notes = tuple(field for field in head if field[0] in NOTES)
    named = dict(head)
    lock = Lock(
        pip=_sorted(pip),
        conda=_sorted(conda),
        base_digest=_digest(named.get("base-digest", "")),
        python=named.get("python", ""),
        indexes=tuple(value for name, value in notes if name == "from-index"),
    )
    return LockFile(asked=asked, lock=lock, notes=notes)


def _digest(noted: str) -> str:
    """It goes into a Dockerfile: what is not exactly a digest is none."""
    found = _DIGEST.fullmatch(noted)
    return found[1] if found else ""


def base_note(base: str, digest: str) -> tuple[tuple[str, str], ...]:
    """The field of the head that says which image ``base`` was, with its name: it is of no use for another one."""
    return (("base-digest", f"{base}@{digest}"),) if digest else ()


def noted_base(file: LockFile) -> str:
    """The name of the image whose digest the head has; '' where it has none."""
    return dict(file.notes).get("base-digest", "").rpartition("@")[0]


def shown_size(size: int) -> str:
    """``12.3 MB``; '' where it is not known."""
    if size <= 0:
        return ""
    if size < 1000:
        return f"{size} B"
    unit, scale = next((unit for unit in _UNITS[1:] if round(size / unit[1], 1) < 1000), _UNITS[-1])
    return f"{size / scale:.1f} {unit}"


def _refuse_conflicts(lines: list[str]) -> None:
    for number, line in enumerate(lines, 1):
        if _CONFLICT.match(line):
            raise LockTextError(number, "It holds the marks of a merge that was not finished")


def _head(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for number, line in enumerate(lines, 2):
        if (field := _FIELD.fullmatch(line)) is not None:
            found.append((field[1], " ".join((field[2] or "").split())))
        elif line.strip() not in ("", "#"):
            raise LockTextError(number, f"{_short(line)} is no field of the head")
    formats = [value for name, value in found if name == "format"]
    if formats != [FORMAT]:
        raise LockTextError(0, f"Its format is {formats[0] if formats else 'not named'}, this mlc reads {FORMAT}")
    return [field for field in found if field[0] != "format"]


def _packages(lines: list[str], start: int) -> tuple[list[LockedPackage], list[LockedCondaPackage]]:
    pip: list[LockedPackage] = []
    conda: list[LockedCondaPackage] = []
    kind, generation = "", 0
    entries = _entries(lines, start)
    for number, entry in entries:
        if (section := _SECTION.fullmatch(entry[0])) is not None:
            kind, generation = section[1], int(section[2] or 0)
        elif kind == "pip":
            pip.append(_pip(number, entry, generation))
        elif kind == "conda":
            conda.append(_conda(number, entry, generation))
        else:
            raise LockTextError(number, f"{_short(entry[0])} stands in no section")
    return pip, conda


def _entries(lines: list[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Groups of lines: one at the margin, and the indented ones behind it; backslashes at their ends are taken off."""
    held: list[str] = []
    first = start
    for number, line in enumerate(lines[start:], start + 1):
        if not line.strip():
            continue
        if line[0] in " \t":
            if not held:
                raise LockTextError(number, f"{_short(line)} belongs to no package")
        elif held:
            yield first, held
            held = []
        if not held:
            first = number
        held.append(line.strip().removesuffix("\\").strip())
    if held:
        yield first, held


def _pip(number: int, entry: list[str], generation: int) -> LockedPackage:
    hashes, size, via, version = _details(number, entry[1:])
    if (pinned := _PINNED.fullmatch(entry[0])) is not None:
        name, version, source = pinned[1], pinned[2], ""
        if not hashes:
            raise LockTextError(number, f"{name} has no hash")
    elif (sourced := _SOURCED.fullmatch(entry[0])) is not None:
        name, source = sourced[1], sourced[2]
    else:
        raise LockTextError(number, f"{_short(entry[0])} is not a package with its version (name==1.0)")
    return LockedPackage(
        name=name, version=version, hashes=hashes, size=size, source=source, via=via, generation=generation
    )


def _conda(number: int, entry: list[str], generation: int) -> LockedCondaPackage:
    hashes, size, via, _ = _details(number, entry[1:])
    found = _CONDA.fullmatch(entry[0])
    if found is None or len(hashes) != 1:
        raise LockTextError(number, f"{_short(entry[0])} is not the URL of a conda package with its hash")
    return LockedCondaPackage(
        name=found[1],
        version=found[2],
        build=found[3],
        url=entry[0],
        sha256=hashes[0].removeprefix("sha256:"),
        size=size,
        via=via,
        generation=generation,
    )


def _details(number: int, lines: list[str]) -> tuple[tuple[str, ...], int, tuple[str, ...], str]:
    """Hashes, size, who asks for it, and the version that a comment names."""
    hashes: list[str] = []
    size, version = 0, ""
    via: tuple[str, ...] = ()
    for line in lines:
        if (found := _HASH.fullmatch(line)) is not None:
            hashes.append(found[1])
            continue
        if not line.startswith("# "):
            raise LockTextError(number, f"{_short(line)} is neither a hash nor a comment")
        for part in line[2:].split("; "):
            if part.startswith("via "):
                via = tuple(part[4:].split(", "))
            elif part.startswith("version "):
                version = part[8:]
            elif (measure := _SIZE.fullmatch(part)) is not None:
                size = round(float(measure[1]) * dict(_UNITS)[measure[2]])
    return tuple(sorted(hashes)), size, via, version


def _entry(package: LockedPackage | LockedCondaPackage) -> list[str]:
    version = ""
    hashes: tuple[str, ...]
    match package:
        case LockedCondaPackage():
            first, hashes = package.url, (f"sha256:{package.sha256}",)
        case LockedPackage(source=""):
            first, hashes = f"{package.name}=={package.version}", package.hashes
        case LockedPackage():
            first, hashes = f"{package.name} @ {package.source}", package.hashes
            version = f"version {package.version}" if package.version else ""
    via = f"via {', '.join(package.via)}" if package.via else ""
    remark = "; ".join(part for part in (version, shown_size(package.size), via) if part)
    lines = [first, *(f"    --hash={value}" for value in sorted(hashes))]
    continued = [f"{line} \\" for line in lines[:-1]] + lines[-1:]
    return [*continued, f"    # {remark}"] if remark else continued


def _sorted(packages: Iterable[P]) -> tuple[P, ...]:
    """By name; of a package that is there twice the later one (a merge can leave both)."""
    return tuple(sorted({package.name: package for package in packages}.values(), key=lambda package: package.name))


def _short(line: str) -> str:
    text = " ".join(line.split())
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
