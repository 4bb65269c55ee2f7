"""One file from a source to the disk: resumed where the server allows, attempted again, checked at the end."""

import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from trouble import AgainError, ChangedError, TroubleError, disk_trouble

ATTEMPTS = 6
"""In a row that bring nothing new, before it is given up."""
LONGEST_WAIT = 60.0
"""Seconds between two attempts, at most."""


@dataclass
class Reply:
    """What a server sends: from byte ``offset`` of ``size`` on (None: it does not say) of the version ``version``.

    ``version`` '' means that there is nothing to tell one content from another by: then nothing is resumed.
    ``sums`` are checksums of the whole that the server announces, by algorithm of hashlib. ``same``: nothing is sent,
    because what is here already is that version.
    """

    offset: int
    size: int | None
    version: str
    body: Iterator[bytes]
    sums: dict[str, bytes] = field(default_factory=dict)
    encoding: str = ""
    offered_name: str = ""
    same: bool = False


class Source(Protocol):
    """Something that sends one file."""

    shown: str

    def open(self, offset: int, version: str) -> Reply:
        """Ask for the bytes from ``offset`` on, if the content is still ``version`` (with 0 and '': for all)."""
        ...


@dataclass(frozen=True)
class Fetched:
    """A whole file: where it is, and what it holds."""

    size: int
    sha256: str
    version: str
    encoding: str
    offered_name: str


@dataclass
class Transfer:
    """Fetches one file into ``part``. ``seen`` is told how many bytes were added (negative: thrown away)."""

    source: Source
    part: Path
    seen: Callable[[int], None]
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    def run(self, sha256: str = "") -> Fetched | None:
        """Until it is whole and right (None: the copy that is here is); :class:`TroubleError` if it never is."""
        best, attempts, wrong = self._here(), 0, 0
        self.seen(best)
        while True:
            try:
                reply = self._attempt()
                return None if reply.same else self._checked(reply, sha256)
            except ChangedError as problem:
                self._forget()
                wrong += 1
                if wrong >= 3:
                    raise TroubleError(f"{self.source.shown}: {problem}, three times in a row") from None
                self.say(f"{problem}; begins anew")
            except AgainError as problem:
                here = self._here()
                attempts = 1 if here > best else attempts + 1
                best = max(best, here)
                if attempts >= ATTEMPTS:
                    raise TroubleError(f"{problem}. Given up after {attempts} attempts") from None
                wait = min(LONGEST_WAIT, max(problem.wait, 2.0 ** (attempts - 1) * random.uniform(0.75, 1.0)))
                self.say(f"{problem}; tries again in {wait:.0f} s")
                self.sleep(wait)
            except OSError as problem:
                raise disk_trouble(problem, self.part.parent) or problem from problem

    def _attempt(self) -> Reply:
        """One request. Returns when the file is as long as it should be."""
        known = self._known()
        offset = self._here() if known["version"] else 0
        reply = self.source.open(offset, str(known["version"]))
        if reply.same:
            return reply
        if reply.offset not in (0, offset):
            raise AgainError(f"The server of {self.source.shown} sends another part than it was asked for")
        if reply.offset and (reply.version != known["version"] or reply.size != known["size"]):
            raise ChangedError("The data has changed since its first part was fetched")
        if not reply.offset:
            self._forget()
            self._note().write_text(json.dumps({"version": reply.version, "size": reply.size}))
        here = reply.offset
        with self.part.open("ab") as stream:
            for piece in reply.body:
                stream.write(piece)
                here += len(piece)
                self.seen(len(piece))
        if reply.size is not None and here != reply.size:
            if here > reply.size:
                self._forget()
            much = "only " if here < reply.size else ""
            raise AgainError(f"{self.source.shown} is announced with {reply.size} bytes, but {much}{here} came")
        return reply

    def _checked(self, reply: Reply, sha256: str) -> Fetched:
        """The file, if it has the checksums that the server and the URI promise."""
        wanted = dict(reply.sums)
        if sha256:
            wanted["sha256"] = bytes.fromhex(sha256)
        found = _digests(self.part, {"sha256", *wanted})
        for name, value in wanted.items():
            if found[name] != value:
                raise ChangedError(f"The {name.upper()} is {found[name].hex()}, not {value.hex()} as promised")
        self._note().unlink(missing_ok=True)
        size = self.part.stat().st_size
        return Fetched(size, found["sha256"].hex(), reply.version, reply.encoding, reply.offered_name)

    def _here(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _note(self) -> Path:
        return self.part.with_name(f"{self.part.name}.json")

    def _known(self) -> dict[str, object]:
        try:
            found = json.loads(self._note().read_text())
            return {"version": str(found["version"]), "size": found["size"]}
        except (OSError, ValueError, KeyError, TypeError):
            return {"version": "", "size": None}

    def _forget(self) -> None:
        self.seen(-self._here())
        self.part.unlink(missing_ok=True)
        self._note().unlink(missing_ok=True)


def _digests(path: Path, names: set[str]) -> dict[str, bytes]:
    sums = {name: hashlib.new(name, usedforsecurity=False) for name in names}
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            for item in sums.values():
                item.update(piece)
    return {name: item.digest() for name, item in sums.items()}


class Progress:
    """Says now and then how far it is: at most every ``every`` seconds. Bytes are told from several threads."""

    def __init__(self, total: int | None, every: float = 5.0) -> None:
        self._total, self._every = total, every
        self._done = 0
        self._start = self._last = time.monotonic()

    def add(self, count: int) -> None:
        """More bytes (or fewer, where some were thrown away)."""
        self._done += count
        now = time.monotonic()
        if now - self._last >= self._every:
            self._last = now
            speed = self._done / max(now - self._start, 0.001)
            whole = f" of {size(self._total)} ({self._done * 100 // self._total} %)" if self._total else ""
            say(f"{size(self._done)}{whole}, {size(int(speed))} a second")

    def expect(self, total: int | None) -> None:
        """The size becomes known."""
        self._total = total


def say(text: str) -> None:
    """A line for the step's log, at once."""
    print(text, flush=True)


def size(count: int) -> str:
    """``12.3 MB``."""
    number, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"


def fsync(path: Path) -> None:
    """Have a file's content on the disk: a full one says so here at the latest."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
