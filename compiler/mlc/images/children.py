"""Programs that work for us: started in their own process group, read line by line, stopped together on Ctrl-C."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

GRACE = 10.0
"""Seconds between the polite signal and the last one."""
CHUNK = 65536


class Children:
    """The running programs of one command. After :meth:`stop` no new one starts."""

    def __init__(self) -> None:
        self._running: set[Child] = set()
        self._lock = threading.Lock()
        self.stopping = False

    def start(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], polite: int = signal.SIGINT
    ) -> "Child":
        """Start ``command``, both outputs in one pipe; ``OSError`` if that fails, ``InterruptedError`` after stop."""
        with self._lock:
            if self.stopping:
                raise InterruptedError("stopping")
            process = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            child = Child(process, polite)
            self._running.add(child)
        return child

    def run(self, command: Sequence[str], line: Callable[[str], None], *, cwd: Path, env: Mapping[str, str]) -> int:
        """Run to the end, handing over each line of output; the exit code (negative: the signal that ended it)."""
        child = self.start(command, cwd=cwd, env=env)
        try:
            for raw in child.lines():
                line(raw.decode(errors="replace"))
            return child.wait()
        finally:
            self.forget(child)

    def forget(self, child: "Child") -> None:
        """It ended."""
        with self._lock:
            self._running.discard(child)

    def stop(self) -> None:
        """Ask all to end, then make them; returns when none is left. May be called again."""
        with self._lock:
            self.stopping = True
            running = tuple(self._running)
        for child in running:
            child.signal()
        for child in running:
            child.end()


class Child:
    """One program and everything it started, which ends with it.

    One thread waits for it, and reaps it only after its group was killed: until then no other process can have its
    number. Everybody else waits for that thread.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", polite: int) -> None:
        self._process = process
        self._polite = polite
        self._lock = threading.Lock()
        self._reaped = threading.Event()
        threading.Thread(target=self._reap, daemon=True).start()

    def lines(self) -> Iterator[bytes]:
        """Its output as :func:`split_lines` gives it."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        return split_lines(lambda: os.read(descriptor, CHUNK))

    def wait(self) -> int:
        """Its exit code, when it has ended; negative: the number of the signal that ended it."""
        self._reaped.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.returncode

    def signal(self, number: int | None = None) -> None:
        """Send the polite signal (or ``number``) to its whole group."""
        self._kill(self._polite if number is None else number)

    def end(self, grace: float = GRACE) -> None:
        """Wait for it, and kill all that it started after ``grace`` seconds."""
        if self._reaped.wait(grace):
            return
        family = descendants(self._process.pid)  # while it lives they can be told: some have groups of their own
        self._kill(signal.SIGKILL)
        for number in family:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        self._reaped.wait()

    def _reap(self) -> None:
        """When it has ended, end what it left running, which would keep its output open for ever."""
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        else:  # macOS before Python 3.13: there its number is free for a moment
            self._process.wait()
        self._kill(signal.SIGKILL)
        with self._lock:
            self._process.wait()
            self._reaped.set()

    def _kill(self, number: int) -> None:
        with self._lock, contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._reaped.is_set():
                os.killpg(self._process.pid, number)


def descendants(parent: int) -> list[int]:
    """The processes that ``parent`` started, and those that they started."""
    children: dict[int, list[int]] = {}
    for number, of in _parents():
        children.setdefault(of, []).append(number)
    found, open_ = [], [parent]
    while open_:
        own = children.get(open_.pop(), [])
        found += own
        open_ += own
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """Each process and its parent: from /proc, or where there is none (macOS) from ``ps``."""
    folder = Path("/proc")
    if not (folder / "self" / "stat").exists():
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=False, capture_output=True, text=True).stdout
        yield from ((int(pid), int(parent)) for pid, parent in (line.split() for line in listing.splitlines()))
        return
    for entry in folder.iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of the program stands in parentheses and may hold anything; its state and parent follow.
            yield int(entry.name), int((entry / "stat").read_text().rpartition(")")[2].split()[1])


def split_lines(read: Callable[[], bytes]) -> Iterator[bytes]:
    """The lines of a stream without their breaks, as they come; ``read`` gives the next bytes, none at its end.

    Of a line that was written over (progress bars) only the last state is kept; a line longer than :data:`CHUNK`
    comes in pieces, so that memory stays small whatever a program prints.
    """
    rest = b""
    while chunk := read():
        *whole, rest = (rest + chunk).split(b"\n")
        yield from map(visible, whole)
        if len(rest) > CHUNK:
            yield visible(rest)
            rest = b""
    if rest:
        yield visible(rest)


def visible(line: bytes) -> bytes:
    """What a terminal would show of ``line`` in the end: the text behind the last carriage return."""
    return line.rstrip(b"\r").rpartition(b"\r")[2]
