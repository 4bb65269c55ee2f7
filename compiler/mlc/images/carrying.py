"""Images from an engine into an archive, and from there to another engine; see :mod:`mlc.images.archive`."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from mlc.diagnostics import NOWHERE, Diagnostic, MlcError, Span, fail
from mlc.hashing import CHUNK
from mlc.images import archive
from mlc.images.archive import Index, broken
from mlc.images.cache import cache_root, write_atomically
from mlc.images.words import capital
from mlc.ir.types import Pairs
from mlc.records import dataclass

LABEL = "io.mlc.environment.key"
"""Every image that mlc builds has it."""
_RECORDS = ("built",)
"""Folders of mlc's cache whose small files travel: what was built from what, for ``--explain``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """``images``: names that the archive has, or that the engine got. ``size``: bytes that were written, or read."""

    images: tuple[str, ...]
    size: int


def ours(wanted: Iterable[str] | None = None) -> Pairs:
    """Reference and id of the engine's images that mlc built: all, or those of ``wanted`` that are there."""
    shape = "{{.Repository}}:{{.Tag}} {{.ID}}"
    lines = _docker("image", "ls", "--no-trunc", "--filter", f"label={LABEL}", "--format", shape).splitlines()
    rows = [line.rpartition(" ") for line in lines]
    found = {name: id_ for name, _, id_ in rows if "<none>" not in name}
    if wanted is not None:
        # The engine leaves out the host of Docker Hub.
        short = {name: name.removeprefix("docker.io/") for name in wanted}
        found = {name: found[shown] for name, shown in short.items() if shown in found}
    return tuple(sorted(found.items()))


def export(target: Path, images: Pairs) -> Carried:
    """Make ``target`` (a folder, or a file named ``*.tar``) carry ``images``; what it holds is not written again.

    ``MlcError`` E635 for a folder that holds something else, E604 where it cannot be written.
    """
    try:
        if not is_file(target):
            return _export(target, images, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            done = _export(Path(work), images, target)
            archive.pack(Path(work), target)
        return done
    except OSError as error:
        place = Span(str(error.filename or target))
        raise fail("E604", place, "The archive cannot be written", why=error.strerror or str(error)) from None


def load(source: Path) -> Carried:
    """Give the engine what it does not have of ``source``. ``MlcError`` E635 before the engine gets anything."""
    if not source.exists():
        raise fail("E101", Span(str(source)), "There is no such archive", fix="`mlc cache export` makes one")
    try:
        if source.is_dir():
            return _load(source, source)
        with tempfile.TemporaryDirectory(prefix="mlc-cache-") as work:
            archive.unpack(source, Path(work))
            return _load(Path(work), source)
    except OSError as error:
        raise fail("E107", Span(str(source)), "This cannot be read", why=error.strerror or str(error)) from None


def is_file(target: Path) -> bool:
    """Whether ``target`` is meant as one file."""
    return target.is_file() or (target.suffix == ".tar" and not target.is_dir())


def _export(folder: Path, images: Pairs, shown: Path) -> Carried:
    names = tuple(name for name, _ in images)
    if (folder / archive.INDEX).exists():
        before = archive.read_index(folder, shown)
        if before.images == images and archive.has_blobs(folder, before):
            return Carried(images=names, size=0)
    elif folder.is_dir() and any(entry.name != "blobs" for entry in folder.iterdir()):
        raise broken(shown, "The folder holds something else", "Give a folder of its own, or an empty one")
    (folder / archive.BLOBS).mkdir(parents=True, exist_ok=True)
    for left in (folder / archive.BLOBS).glob(".*"):  # of an export that was killed
        left.unlink()
    members, fresh = _saved(names, folder) if names else ((), 0)
    archive.write_index(folder, Index(images=images, members=members, records=_records()))
    return Carried(images=names, size=fresh)


def _saved(names: tuple[str, ...], folder: Path) -> tuple[tuple[archive.Member, ...], int]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([_program(), "save", *names], stdout=subprocess.PIPE, stderr=said)
        assert process.stdout is not None
        try:
            members, fresh = archive.take_apart(process.stdout, folder)
            while process.stdout.read(CHUNK):
                pass
        except tarfile.TarError:
            members, fresh = (), 0
        finally:
            process.stdout.close()
            code = process.wait()
        if code or not members:
            raise _trouble("The Docker engine does not give its images away", _text(said))
    return members, fresh


def _load(folder: Path, shown: Path) -> Carried:
    index = archive.read_index(folder, shown)
    archive.check_blobs(folder, index, shown)
    there = dict(ours(name for name, _ in index.images))
    missing = tuple(name for name, _ in index.images if name not in there)
    if missing:
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [_program(), "load", "--quiet"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
            )
            assert process.stdin is not None
            try:
                archive.put_together(index, folder, process.stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass
            if process.wait():
                raise _trouble("The Docker engine does not take the images", _text(said))
    _remember(index, shown)
    return Carried(images=missing, size=sum(index.blobs.values()) if missing else 0)


def _records() -> Pairs:
    root = cache_root()
    files = sorted(path for folder in _RECORDS for path in (root / folder).rglob("*.json"))
    return tuple((path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in files)


def _remember(index: Index, shown: Path) -> None:
    """What this machine knows itself is not written over."""
    root = cache_root()
    for name, text in index.records:
        path = Path(name)
        if path.is_absolute() or ".." in path.parts or path.parts[:1] not in {(folder,) for folder in _RECORDS}:
            raise broken(shown, f"It holds a record {name!r}, which mlc does not export")
        if not (root / path).exists():
            write_atomically(root / path, text)


def _docker(*arguments: str) -> str:
    done = subprocess.run([_program(), *arguments], check=False, capture_output=True, env=dict(os.environ))
    if done.returncode:
        raise _trouble("The Docker engine does not say which images it has", done.stderr.decode(errors="replace"))
    return done.stdout.decode(errors="replace")


def _program() -> str:
    docker = shutil.which("docker")
    if docker is None:
        fix = "Install it (Debian: `apt install docker-cli`; else docs.docker.com/engine/install)"
        raise fail("E652", NOWHERE, "Images cannot be carried without the `docker` command", fix=fix)
    return docker


def _trouble(what: str, said: str) -> MlcError:
    return MlcError(Diagnostic("E652", NOWHERE, what, capital(said.strip()[-300:])))


def _text(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")
