"""A folder, or a tar file of one, that carries images: every part is named by its digest and stored once.

``mlc-cache.json`` lists the images, and the members of the stream that ``docker save`` gave, so that ``docker load``
gets the same stream again; ``blobs/sha256/<digest>`` holds what the members hold. The list is written last, at once,
and has a digest of its own: a folder that is half written, damaged or somebody else's is told from a whole one.
"""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from mlc.diagnostics import MlcError, Span, fail
from mlc.hashing import CHUNK, digest, digest_file
from mlc.images.cache import write_atomically
from mlc.ir.types import Pairs
from mlc.records import dataclass

FORMAT = 1
INDEX = "mlc-cache.json"
BLOBS = "blobs/sha256"
_BLOB = re.compile(rf"{BLOBS}/([0-9a-f]{{64}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the stream: what it holds by ``digest`` (hex), or the ``link`` that it is."""

    name: str
    digest: str = ""
    size: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """``images``: reference and the engine's id of each, sorted. ``records``: files of mlc's cache folder, as text."""

    images: Pairs
    members: tuple[Member, ...]
    records: Pairs = ()

    @property
    def blobs(self) -> dict[str, int]:
        """Digest and size of every part."""
        return {member.digest: member.size for member in self.members if member.digest}


def broken(place: Path, why: str, fix: str = "Export it again on the machine that has the images") -> MlcError:
    """E635."""
    return fail("E635", Span(str(place)), f"{place.name} cannot be used", why=why, fix=fix)


def read_index(folder: Path, shown: Path) -> Index:
    """The list of a folder; E635, naming ``shown``, where it has none or not a whole one of this format."""
    try:
        body = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        own, format_ = body.pop("digest"), body["format"]
        if format_ != FORMAT:
            raise broken(shown, f"Its format is {format_!r}, this version of mlc reads {FORMAT}")
        if own != digest(body):
            raise broken(shown, f"{INDEX} is not what its own digest says: it was changed or damaged")
        members = tuple(Member(**member) for member in body["members"])
        found = Index(images=_pairs(body["images"]), members=members, records=_pairs(body["records"]))
    except FileNotFoundError:
        raise broken(shown, f"It has no {INDEX}", "Give what `mlc cache export` wrote") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise broken(shown, f"{INDEX} cannot be read: {error}") from None
    for member in found.members:
        _check_member(member, shown)
    return found


def write_index(folder: Path, index: Index) -> None:
    """Make the folder hold ``index`` and no part that it does not name; all its parts must be there."""
    members = [{key: value for key, value in _fields(member).items() if value} for member in index.members]
    body: dict[str, Any] = {"format": FORMAT, "images": dict(index.images), "members": members}
    body["records"] = dict(index.records)
    write_atomically(folder / INDEX, json.dumps(body | {"digest": digest(body)}, indent=1, ensure_ascii=False) + "\n")
    wanted = index.blobs
    for blob in (folder / BLOBS).iterdir():
        if blob.name not in wanted:
            blob.unlink()


def check_blobs(folder: Path, index: Index, shown: Path) -> None:
    """Every part is what its name says; else E635."""
    for name, size in index.blobs.items():
        blob = folder / BLOBS / name
        if not blob.is_file() or blob.is_symlink() or blob.stat().st_size != size:
            raise broken(shown, f"{BLOBS}/{name[:12]}... is missing or cut off")
        if digest_file(blob) != name:
            raise broken(shown, f"{BLOBS}/{name[:12]}... is not what its name says: the file is damaged")


def has_blobs(folder: Path, index: Index) -> bool:
    """Whether every part is there, in its size."""
    blobs = ((folder / BLOBS / name, size) for name, size in index.blobs.items())
    return all(blob.is_file() and blob.stat().st_size == size for blob, size in blobs)


def take_apart(stream: IO[bytes], folder: Path) -> tuple[tuple[Member, ...], int]:
    """Store the members of a tar stream below ``folder``; what they are, and how many bytes are new there."""
    (folder / BLOBS).mkdir(parents=True, exist_ok=True)
    members, fresh = [], 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for item in archive:
            if item.issym() or item.islnk():
                members.append(Member(name=item.name, link=item.linkname))
            elif item.isfile() and (content := archive.extractfile(item)) is not None:
                name, new = _store(content, folder / BLOBS)
                members.append(Member(name=item.name, digest=name, size=item.size))
                fresh += item.size if new else 0
    return tuple(members), fresh


def put_together(index: Index, folder: Path, stream: IO[bytes]) -> None:
    """Write the members as the tar stream that they came from."""
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        for member in index.members:
            item = tarfile.TarInfo(member.name)
            if member.link:
                item.type, item.linkname = tarfile.SYMTYPE, member.link
                archive.addfile(item)
            else:
                item.size = member.size
                with (folder / BLOBS / member.digest).open("rb") as blob:
                    archive.addfile(item, blob)


def pack(folder: Path, target: Path) -> None:
    """The folder as one tar file, put in place when it is whole; the same bytes for the same images."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with tarfile.open(partial, "w") as archive:
            for path in [folder / INDEX, *sorted((folder / BLOBS).iterdir())]:
                item = tarfile.TarInfo(path.relative_to(folder).as_posix())
                item.size = path.stat().st_size
                with path.open("rb") as content:
                    archive.addfile(item, content)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> None:
    """The other way; E635 for what is no such file. Nothing lands outside of ``folder``, whatever it holds."""
    (folder / BLOBS).mkdir(parents=True)
    try:
        with tarfile.open(source, "r:") as archive:
            for item in archive:
                if not item.isfile() or (item.name != INDEX and not _BLOB.fullmatch(item.name)):
                    raise broken(source, f"It holds {item.name!r}, which mlc does not export")
                content = archive.extractfile(item)
                assert content is not None
                with (folder / item.name).open("wb") as target:
                    for _ in _copied(content, target):
                        pass
    except (tarfile.TarError, EOFError) as error:
        raise broken(source, f"It is no tar file, or not a whole one: {error}") from None


def _store(content: IO[bytes], blobs: Path) -> tuple[str, bool]:
    partial = blobs / f".{os.getpid()}.{os.urandom(4).hex()}"
    state = hashlib.sha256()
    try:
        with partial.open("wb") as target:
            for chunk in _copied(content, target):
                state.update(chunk)
        name = state.hexdigest()
        there = blobs / name
        if there.is_file() and there.stat().st_size == partial.stat().st_size:
            return name, False
        partial.replace(there)
        return name, True
    finally:
        partial.unlink(missing_ok=True)


def _copied(source: IO[bytes], target: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        target.write(chunk)
        yield chunk


def _check_member(member: Member, shown: Path) -> None:
    parts = Path(member.name).parts
    if not parts or ".." in parts or Path(member.name).is_absolute() or bool(member.digest) == bool(member.link):
        raise broken(shown, f"{INDEX} names {member.name!r}, which no engine writes")
    if member.digest and not re.fullmatch(r"[0-9a-f]{64}", member.digest):
        raise broken(shown, f"{INDEX} has {member.digest!r} for a digest")


def _pairs(table: dict[str, str]) -> Pairs:
    return tuple(sorted((str(name), str(value)) for name, value in table.items()))


def _fields(member: Member) -> dict[str, Any]:
    return {"name": member.name, "digest": member.digest, "size": member.size, "link": member.link}
