"""Progress of builds and runs on stderr: a line per event, steps' own output behind their names.

On a terminal one more line, at the bottom, says what is going on right now and for how long; it is drawn over again
and gone at the end. Elsewhere (a log file, CI) there are only whole lines: one when something else is being done, and
one a minute while it is not.
"""

import os
import shutil
import sys
import threading
import time
from types import TracebackType
from typing import TextIO

from mlc.cli import console
from mlc.cli.console import Style
from mlc.diagnostics import Diagnostic
from mlc.images import State, Subject

_PERIOD = 0.5
_SIGN_OF_LIFE = 60.0
"""Seconds after which a log is told that the same is still being done: some CI systems end what is silent."""
_ERASE = "\r\x1b[2K"
_STYLES = {
    State.SUCCEEDED: Style.GOOD,
    State.REUSED: Style.GOOD,
    State.VERIFIED: Style.GOOD,
    State.FAILED: Style.BAD,
    State.SKIPPED: Style.DOUBTFUL,
    State.CANCELLED: Style.DOUBTFUL,
}

_VERBS = {
    Subject.IMAGE: "building",
    Subject.TRIAL: "trying what was installed and what its steps start",
    Subject.STEP: "started",
}


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


class Progress:
    """A :class:`mlc.images.Report` for people. Use it as a context: the live line needs an end.

    A builder's output is not shown, only what it is doing: it is long, it is kept in a log, and its end is told on
    failure.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = console.is_terminal(self._stream) and os.environ.get("TERM") != "dumb"
        self._begun: dict[tuple[Subject, str], float] = {}
        self._doing: dict[tuple[Subject, str], tuple[str, str]] = {}
        self._told: dict[tuple[Subject, str], float] = {}
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._ticker.join()
        if self._live:
            with self._lock:
                self._stream.write(_ERASE)
                self._stream.flush()

    def message(self, text: str) -> None:
        """A line about the whole."""
        self._print(console.printable(text))

    def diagnostic(self, item: Diagnostic) -> None:
        """A warning or error on the way."""
        with self._lock:
            self._erase()
            console.diagnostics([item], {}, console.here())
            self._draw()

    def started(self, subject: Subject, name: str) -> None:
        """Work on an image or a step begins."""
        with self._lock:
            self._begun[subject, name] = time.monotonic()
            self._print(f"{_mark(subject)} {self._name(name)}: {_VERBS[subject]}")

    def line(self, subject: Subject, name: str, text: str) -> None:
        """A line of output of a builder or a step."""
        text = console.printable(text)
        if subject is Subject.STEP:
            self._print(f"{console.paint(f'{name} |', Style.DIM, self._stream)} {text}")
        elif self._live and text.strip() and not self._doing.get((subject, name), ("",))[0]:
            with self._lock:
                self._doing[subject, name] = ("", text.strip())
                self._draw()

    def doing(self, subject: Subject, name: str, text: str, detail: str = "") -> None:
        """What is being done now; on a terminal it stands on the line at the bottom."""
        with self._lock:
            before, self._doing[subject, name] = self._doing.get((subject, name)), (text, detail)
            if self._live:
                self._draw()
            elif before is None or before[0] != text:
                self._tell((subject, name), "")

    def finished(self, subject: Subject, name: str, state: State, seconds: float) -> None:
        """It is over."""
        with self._lock:
            for known in (self._begun, self._doing, self._told):
                known.pop((subject, name), None)
            word = "built" if (subject, state) == (Subject.IMAGE, State.SUCCEEDED) else str(state)
            took = f" in {duration(seconds)}" if seconds and state is not State.REUSED else ""
            self._print(
                f"{_mark(subject)} {self._name(name)}: {console.paint(word, _STYLES[state], self._stream)}{took}"
            )

    def _name(self, name: str) -> str:
        return console.paint(console.printable(name), Style.STRONG, self._stream)

    def _print(self, text: str) -> None:
        with self._lock:
            self._erase()
            self._stream.write(f"{text}\n")
            self._draw()

    def _erase(self) -> None:
        if self._live:
            self._stream.write(_ERASE)

    def _draw(self) -> None:
        if self._live and self._begun and not self._over.is_set():
            now = time.monotonic()
            text = "   " + "; ".join(
                " ".join(filter(None, (f"{name} {duration(int(now - since))}", *self._doing.get((subject, name), ()))))
                for (subject, name), since in self._begun.items()
            )
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(_ERASE + console.paint(console.printable(text)[:width], Style.DIM, self._stream))
        self._stream.flush()

    def _tick(self) -> None:
        while not self._over.wait(_PERIOD):
            with self._lock:
                if self._live:
                    self._draw()
                else:
                    self._still()

    def _still(self) -> None:
        now = time.monotonic()
        for key, told in list(self._told.items()):
            if now - told >= _SIGN_OF_LIFE and key in self._begun:
                self._tell(key, f" ({duration(now - self._begun[key])} so far)")

    def _tell(self, key: tuple[Subject, str], more: str) -> None:
        self._told[key] = time.monotonic()
        text = " ".join(filter(None, self._doing[key] if more else self._doing[key][:1]))
        self._print(f"{_mark(key[0])} {self._name(key[1])}: {console.printable(text)}{more}")


def _mark(subject: Subject) -> str:
    return "step " if subject is Subject.STEP else "image"
