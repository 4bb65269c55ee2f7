"""The folder of what may be thrown away: locks, build records, virtual environments of the process engine."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

PERIOD = 0.1
"""Seconds between two looks at a lock that another holds."""


def cache_root(environ: Mapping[str, str] | None = None) -> Path:
    """``$MLC_CACHE_DIR``, else ``$XDG_CACHE_HOME/mlc``, else ``~/.cache/mlc``; made when something is put there."""
    env = os.environ if environ is None else environ
    if own := env.get("MLC_CACHE_DIR"):
        return Path(own).absolute()
    if base := env.get("XDG_CACHE_HOME"):
        return Path(base).absolute() / "mlc"
    return Path(env.get("HOME") or Path.home()).absolute() / ".cache" / "mlc"


def why_unusable() -> str | None:
    """Why nothing can be kept in the cache folder (read-only, full, a file in its place); None: it can."""
    folder = cache_root() / "locks"
    probe = folder / f".probe.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(b"1" * 4096)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return f"{cache_root()}: {error.strerror or error}"
    return None


@contextlib.contextmanager
def locked(
    path: Path, waiting: Callable[[], None] | None = None, given_up: Callable[[], bool] | None = None
) -> Iterator[None]:
    """Hold the lock file ``path``, across processes and threads; ``waiting`` is called once if another holds it.

    ``InterruptedError`` when ``given_up`` says so while it waits. The system frees the lock when its holder dies, so a
    killed build leaves nothing to clean up.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        if not _take(stream.fileno()):
            if waiting is not None:
                waiting()
            _wait(stream.fileno(), given_up)
        yield


@contextlib.contextmanager
def try_locked(path: Path) -> Iterator[bool]:
    """Like :func:`locked`, but never waits: yields whether the lock is ours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        yield _take(stream.fileno())


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock file ``path`` now; no file is made by asking."""
    if not path.exists():
        return False
    with try_locked(path) as free:
        return not free


def write_atomically(path: Path, text: str) -> None:
    """Put ``text`` (UTF-8) at ``path`` so that a reader sees the old content or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _wait(descriptor: int, given_up: Callable[[], bool] | None) -> None:
    """By asking again and again: a thread that sleeps in the system's own wait could not be stopped."""
    import time

    while not _take(descriptor):
        if given_up is not None and given_up():
            raise InterruptedError("stopped while waiting for a lock")
        time.sleep(PERIOD)


if sys.platform == "win32":

    def _take(descriptor: int) -> bool:
        import msvcrt

        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
