"""How a script may end its own process: in mlc's process it ends the script only, as :class:`SystemExit` does.

Child processes that a script forks keep the real functions, and never come back into mlc.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

_DEADLY: frozenset[int] = frozenset(
    number
    for name in ("SIGABRT", "SIGALRM", "SIGHUP", "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSEGV", "SIGTERM")
    if (number := getattr(signal, name, None)) is not None
)


@contextlib.contextmanager
def survived() -> Iterator[None]:
    """Whatever ends the process inside of the block ends the block."""
    process = _Process()
    replaced = [
        (os, "_exit", process.end),
        (os, "abort", lambda: process.end("it aborts")),
        *((os, name, process.execute(getattr(os, name))) for name in ("execv", "execve")),
        (os, "kill", process.kill(os.kill)),
        (os, "killpg", process.kill(os.killpg)),
        (signal, "raise_signal", lambda number: os.kill(os.getpid(), number)),
    ]
    real = [(place, name, getattr(place, name)) for place, name, _ in replaced]
    for place, name, function in replaced:
        setattr(place, name, function)
    try:
        yield
    finally:
        if not process.is_ours:
            process.really(0)  # a child that ran on to the end of the script
        for place, name, function in real:
            setattr(place, name, function)
        process.restore()


class _Process:
    """The process that runs the script, and how it hears signals."""

    def __init__(self) -> None:
        self.number = os.getpid()
        self.really = os._exit
        self._handlers = {number: signal.getsignal(number) for number in _DEADLY}

    @property
    def is_ours(self) -> bool:
        """Whether this is the process in which the script was started, not a child of it."""
        return os.getpid() == self.number

    def end(self, status: Any) -> NoReturn:
        """``os._exit``."""
        if not self.is_ours:
            self.really(status)
        raise SystemExit(status)

    def execute(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """``os.execv`` and its siblings."""

        def execute(path: Any, *rest: Any) -> Any:
            if not self.is_ours:
                return real(path, *rest)
            raise SystemExit(f"it puts another program in its place ({os.fsdecode(path)})")

        return execute

    def kill(self, real: Callable[[int, int], None]) -> Callable[[int, int], None]:
        """``os.kill``, ``os.killpg``."""

        def kill(process: int, number: int) -> None:
            own = process in {self.number, 0, -1} or abs(process) == os.getpgid(0)
            if self.is_ours and own and self._ends(number):
                raise SystemExit(f"it sends itself {signal.Signals(number).name}")
            real(process, number)

        return kill

    def _ends(self, number: int) -> bool:
        """Whether a signal would end the process: the script has no handler of its own for it."""
        return number in _DEADLY and signal.getsignal(number) in (self._handlers[number], signal.SIG_DFL)

    def restore(self) -> None:
        """Put the handlers back, and stop the alarm clock."""
        for number, handler in self._handlers.items():
            if handler is not None and signal.getsignal(number) != handler:
                with contextlib.suppress(OSError, ValueError):  # not in the main thread
                    signal.signal(number, handler)
        signal.alarm(0)
