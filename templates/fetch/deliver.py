"""Takes an output of a step to Azure storage: ``deliver.py DATA URI NAME``; NAME '' for a folder's content."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fetch import AT_ONCE
from place import parse
from storage import Storage
from transfer import say, size
from trouble import CREDENTIALS, AgainError, ChangedError, TroubleError

ATTEMPTS = 3
"""Of one file; the driver itself tries again, too."""


def deliver(data: Path, uri: str, name: str) -> None:
    """Write every file; :class:`TroubleError` if that is impossible."""
    place = parse(uri)
    if not place.is_azure:
        raise TroubleError(f"{place.shown} is no place in Azure storage, and nothing else is written to")
    storage = Storage(place)
    if not storage.has_credentials:
        raise TroubleError(f"{place.shown} cannot be written without credentials. {CREDENTIALS}")
    files = _files(data, name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for job in [pool.submit(_put, storage, _below(place.path, path), file) for path, file in files.items()]:
            job.result()
    say(f"delivered {len(files)} files, {size(sum(file.stat().st_size for file in files.values()))}, to {place.shown}")


def _files(data: Path, name: str) -> dict[str, Path]:
    if data.is_file():
        return {name or data.name: data}
    found = sorted(path for path in data.rglob("*") if path.is_file())
    return {path.relative_to(data).as_posix(): path for path in found}


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _put(storage: Storage, path: str, file: Path) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            storage.write(path, os.fspath(file))
            return
        except AgainError as problem:
            if attempt == ATTEMPTS:
                raise TroubleError(f"{problem}. Given up after {ATTEMPTS} attempts") from None


def main(arguments: list[str]) -> int:
    """The exit status: 0, or 1 with a sentence that says what is wrong."""
    data, uri, name = arguments
    try:
        deliver(Path(data), uri, name)
    except (TroubleError, ChangedError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
