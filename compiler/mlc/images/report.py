"""What building and running tell the outside while they work: a small Protocol that the command line fulfils.

Nothing in ``images`` or ``runner`` prints. Calls come from several threads, but never two at a time: see
:class:`OneAtATime`.
"""

import threading
from enum import StrEnum
from typing import Protocol

from mlc.diagnostics import Diagnostic


class Subject(StrEnum):
    """What a line of progress is about: ``image`` (an environment's name) or ``step`` (a task's name)."""

    IMAGE = "image"
    TRIAL = "trial"
    """An environment's name, too: its image is tried."""
    STEP = "step"


class State(StrEnum):
    """How a step or an image ended."""

    SUCCEEDED = "succeeded"
    """A step ran, an image was built."""
    REUSED = "reused"
    """Nothing had changed: the earlier result was taken."""
    VERIFIED = "verified"
    """An image was tried, and nothing was wrong."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Never started, because something before it failed."""
    CANCELLED = "cancelled"
    """Stopped: by Ctrl-C, or because another step failed."""

    @property
    def good(self) -> bool:
        """Whether the result is there."""
        return self in (State.SUCCEEDED, State.REUSED, State.VERIFIED)


class Report(Protocol):
    """Progress, line by line. Text is without a line break at its end and may hold any characters a program printed."""

    def message(self, text: str) -> None:
        """One line for people about the whole: which engine and why, where the outputs are."""
        ...

    def diagnostic(self, item: Diagnostic) -> None:
        """A warning that does not stop the work, or an error that will fail it at the end."""
        ...

    def started(self, subject: Subject, name: str) -> None:
        """Work on an image or a step begins."""
        ...

    def line(self, subject: Subject, name: str, text: str) -> None:
        """A line of output of a builder or of a step's command."""
        ...

    def doing(self, subject: Subject, name: str, text: str, detail: str = "") -> None:
        """What is being done now: ``text`` changes a few times (``installing 48 packages``), ``detail`` often."""
        ...

    def finished(self, subject: Subject, name: str, state: State, seconds: float) -> None:
        """It is over; ``seconds`` is 0 for what never started."""
        ...


class Silence:
    """The report of who does not want one."""

    def message(self, text: str) -> None:
        """Nothing."""

    def diagnostic(self, item: Diagnostic) -> None:
        """Nothing."""

    def started(self, subject: Subject, name: str) -> None:
        """Nothing."""

    def line(self, subject: Subject, name: str, text: str) -> None:
        """Nothing."""

    def doing(self, subject: Subject, name: str, text: str, detail: str = "") -> None:
        """Nothing."""

    def finished(self, subject: Subject, name: str, state: State, seconds: float) -> None:
        """Nothing."""


class OneAtATime:
    """Hands calls on to a report one by one, so that an implementation needs no lock of its own."""

    def __init__(self, inner: Report) -> None:
        self._inner = inner
        self._lock = threading.Lock()

    def message(self, text: str) -> None:
        """As :meth:`Report.message`."""
        with self._lock:
            self._inner.message(text)

    def diagnostic(self, item: Diagnostic) -> None:
        """As :meth:`Report.diagnostic`."""
        with self._lock:
            self._inner.diagnostic(item)

    def started(self, subject: Subject, name: str) -> None:
        """As :meth:`Report.started`."""
        with self._lock:
            self._inner.started(subject, name)

    def line(self, subject: Subject, name: str, text: str) -> None:
        """As :meth:`Report.line`."""
        with self._lock:
            self._inner.line(subject, name, text)

    def doing(self, subject: Subject, name: str, text: str, detail: str = "") -> None:
        """As :meth:`Report.doing`."""
        with self._lock:
            self._inner.doing(subject, name, text, detail)

    def finished(self, subject: Subject, name: str, state: State, seconds: float) -> None:
        """As :meth:`Report.finished`."""
        with self._lock:
            self._inner.finished(subject, name, state, seconds)
