"""Fetches remote data into the output of a step: ``fetch.py TYPE URI FOLDER [STEP URI]``.

``TYPE?``: the URI may be empty, as that of an optional input; then nothing is there afterwards. What is there from an earlier run and has not changed since stays; a transfer that broke off goes on. The digest of the
content is left beside the step's state, so that steps which read the data know whether it is still the same. Where
another STEP has just fetched the same URI, its data (mounted as the input ``twin``) is copied.
"""

import gzip
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from place import Place, file_name, parse
from transfer import Progress, Transfer, fsync, say, size
from trouble import ChangedError, TroubleError, disk_trouble, refused
from web import WebSource

WORK = ".mlc-fetch"
"""Folder below the output with what is not whole yet; gone at the end."""
AT_ONCE = 8
"""Files of a folder that are fetched side by side."""
FILES = ("uri_file",)
EITHER = ("custom_model",)


@dataclass(frozen=True)
class Wanted:
    """One file: where it is, its name below the output ('' if the server is to be asked), what is known of it."""

    place: Place
    name: str
    size: int | None = None
    version: str = ""


class Fetch:
    """One run of the program. ``state``: the folder of the step's state."""

    def __init__(self, type_: str, uri: str, folder: Path, state: Path) -> None:
        self._type, self._uri, self._folder, self._state = type_, uri, folder, state
        self._work = folder / WORK
        self._storage: Any = None
        self._before = self._remembered()
        self._progress = Progress(None)
        self.sleep: Callable[[float], None] | None = None

    def run(self) -> None:
        """Fetch, tidy, remember; :class:`TroubleError` if that is impossible."""
        place = parse(self._uri)
        wanted = self._wanted(place)
        single = len(wanted) == 1 and not wanted[0].name
        self._work.mkdir(parents=True, exist_ok=True)
        sizes = [item.size for item in wanted]
        self._progress.expect(sum(item or 0 for item in sizes) if None not in sizes else None)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(self._file, item) for item in wanted]
            try:
                found = dict(job.result() for job in jobs)
            except BaseException:
                for job in jobs:
                    job.cancel()
                raise
        shutil.rmtree(self._work)
        self._remove_others(found)
        self._remember(found, next(iter(found)) if single else "")

    def nothing(self) -> None:
        """What is there from an earlier run goes, so that nobody takes it for what this run was given."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._remove_others(())
        self._remember({}, "")

    def take_over(self, twin: Path, state: Path) -> None:
        """What another step has fetched, and all that it knows of it."""
        self._work.mkdir(parents=True, exist_ok=True)
        found = json.loads((state / "fetched.json").read_text())
        for number, name in enumerate(found):
            part, target = self._work / str(number), self._folder / name
            shutil.copy2(twin / name, part)
            if target.is_dir():
                shutil.rmtree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
            found[name]["time"] = target.stat().st_mtime_ns
        shutil.rmtree(self._work)
        self._remove_others(found)
        single = "\nfile " in (state / "content").read_text()
        self._remember(found, next(iter(found)) if single else "")

    def _wanted(self, place: Place) -> list[Wanted]:
        """The files to fetch; one without a name means that the data is this one file."""
        if place.is_azure:
            return self._wanted_of_container(place)
        if self._type in FILES + EITHER:
            return [Wanted(place, "")]
        say(f"{place.shown} is on a web server, which lists no folders: the folder will hold this one file")
        return [Wanted(place, file_name(place))]

    def _wanted_of_container(self, place: Place) -> list[Wanted]:
        from storage import Storage

        self._storage = Storage(place)
        if place.path and self._type in FILES:
            return [Wanted(place, "")]
        blob = self._storage.blob(place.path) if place.path else None
        if blob is not None and self._type in EITHER:
            return [Wanted(place, "")]
        if blob is not None:
            say(f"{place.shown} is one file: the folder will hold just that")
            return [Wanted(place, file_name(place), blob.size, blob.version)]
        if self._type in FILES:
            raise TroubleError(f"{place.shown} is a container, and the input takes one file (uri_file). Name the file")
        found = self._storage.below(place.path)
        if not found:
            raise refused(place.shown, 404, azure=True)
        prefix = len(place.path) + 1 if place.path else 0
        wanted = [Wanted(place.below(item.path), item.path[prefix:], item.size, item.version) for item in found]
        _check_names([item.name for item in wanted])
        say(f"{len(wanted)} files, {size(sum(item.size for item in found))}")
        return wanted

    def _file(self, wanted: Wanted) -> tuple[str, dict[str, Any]]:
        """Fetch one file, or find that it is here; its name and what is remembered of it."""
        before, known = self._kept(wanted)
        if before and known["version"] == wanted.version:
            return before, known
        part = self._work / hashlib.sha256(wanted.place.url.encode()).hexdigest()[:24]
        transfer = Transfer(self._source(wanted.place, known.get("version", "")), part, self._progress.add, say)
        if self.sleep is not None:
            transfer.sleep = self.sleep
        fetched = self._in_words(wanted, lambda: transfer.run(wanted.place.sha256))
        if fetched is None:
            say(f"{before} has not changed")
            return before, known
        name = wanted.name or file_name(wanted.place, fetched.offered_name)
        if fetched.encoding in ("gzip", "x-gzip") and not name.endswith((".gz", ".tgz")):
            _unpack(part)
        target = self._folder / name
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        fsync(part)
        part.replace(target)
        info = target.stat()
        note = {"version": fetched.version, "size": info.st_size, "time": info.st_mtime_ns}
        return name, note | {"sha256": fetched.sha256, "url": _digest(wanted.place.shown)}

    def _in_words(self, wanted: Wanted, run: Callable[[], Any]) -> Any:
        """A blob that is not there may be a folder: then that is what is said."""
        try:
            return run()
        except TroubleError as problem:
            path = wanted.place.path
            if "(status 404)" in str(problem) and path and self._type in FILES + EITHER:
                try:
                    is_folder = bool(self._storage.below(path))
                except Exception:
                    is_folder = False
                if is_folder:
                    text = f"{wanted.place.shown} is a folder, and the input takes one file. Declare it as uri_folder"
                    raise TroubleError(text) from None
            raise

    def _source(self, place: Place, known: str) -> Any:
        if place.is_azure and self._storage.has_credentials:
            from storage import StorageSource

            return StorageSource(self._storage, place, known)
        return WebSource(place, known)

    def _kept(self, wanted: Wanted) -> tuple[str, dict[str, Any]]:
        """Name and note of this very file where it is still here as it was left."""
        url = _digest(wanted.place.shown)
        for name, note in self._before.items():
            if note.get("url") == url and (not wanted.name or name == wanted.name) and not wanted.place.sha256:
                try:
                    info = (self._folder / name).stat()
                except OSError:
                    continue
                if (info.st_size, info.st_mtime_ns) == (note.get("size"), note.get("time")) and note.get("version"):
                    return name, note
        return "", {}

    def _remove_others(self, found: Iterable[str]) -> None:
        keep = {self._folder / name for name in found}
        for folder, folders, names in os.walk(self._folder, topdown=False):
            for name in names:
                if Path(folder, name) not in keep:
                    Path(folder, name).unlink()
            for name in folders:
                if not any(Path(folder, name).iterdir()):
                    Path(folder, name).rmdir()

    def _remembered(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads((self._state / "fetched.json").read_text())
            return {str(name): dict(note) for name, note in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _remember(self, found: dict[str, dict[str, Any]], single: str) -> None:
        """For the next run of this program; and for the launchers of other steps: digest, name of a single file."""
        self._state.mkdir(parents=True, exist_ok=True)
        listed = sorted((name, note["sha256"]) for name, note in found.items())
        content = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
        _write(self._state / "fetched.json", json.dumps(found, indent=1, sort_keys=True))
        _write(self._state / "content", f"content {content}\n" + (f"file {single}\n" if single else ""))
        total = size(sum(note["size"] for note in found.values()))
        if single:
            say(f"{single}: {total}, sha256 {found[single]['sha256']}")
        else:
            say(f"{len(found)} files, {total}, digest {content}")


def _check_names(names: list[str]) -> None:
    """Names of blobs can be what no file can be called."""
    taken = set(names)
    for name in names:
        parts = PurePosixPath(name)
        if name != str(parts) or ".." in parts.parts or parts.is_absolute() or "\0" in name or parts.parts[0] == WORK:
            raise TroubleError(f"The folder holds a blob that cannot become a file: {name!r}")
        for above in parts.parents:
            if str(above) in taken:
                raise TroubleError(f"The folder holds {str(above)!r} as a file and as a folder. Name one of them")


def _unpack(part: Path) -> None:
    """What was compressed for the way only."""
    fresh = part.with_name(f"{part.name}.plain")
    try:
        with gzip.open(part) as packed, fresh.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (gzip.BadGzipFile, EOFError) as problem:
        raise TroubleError(f"The server says that it compressed the data, but it cannot be unpacked: {problem}") from None
    fresh.replace(part)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    fresh.replace(path)


def main(arguments: list[str]) -> int:
    """The exit status: 0, or 1 with a sentence that says what is wrong."""
    asked, uri, folder, *twin = arguments
    type_ = asked.removesuffix("?")
    root = Path(os.environ.get("MLC_ROOT", "/mlc"))
    try:
        fetch = Fetch(type_, uri, Path(folder), root / "state" / os.environ["MLC_STEP"])
        if type_ != asked and not uri.strip():
            say("no URI is given, so there is nothing to fetch")
            fetch.nothing()
        elif twin and twin[1] == uri:
            say(f"{twin[0]} has fetched the same")
            fetch.take_over(root / "inputs" / "twin", root / "state" / twin[0])
        else:
            fetch.run()
    except (TroubleError, ChangedError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"error: {disk_trouble(problem, folder) or problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
