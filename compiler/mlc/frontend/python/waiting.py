"""A script that runs for long is said to be running, once, and where: it may wait for something that never comes."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from mlc.frontend.python.modules import is_users

PATIENCE = 15.0
"""Seconds before anything is said. Most scripts take less than one."""


@contextlib.contextmanager
def told_while_running(source: str) -> Iterator[None]:
    """Run the block, which runs the script ``source``; after :data:`PATIENCE` one line goes to standard error."""
    stream, runner = sys.stderr, threading.get_ident()

    def tell() -> None:
        place = _place(runner)
        if place:
            name = Path(source).name
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
                stream.write(f"mlc: {name} is still running, at {place}. Ctrl-C stops it.\n")
                stream.flush()

    timer = threading.Timer(PATIENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _place(thread: int) -> str:
    """``file:line`` of the user's code that a thread runs; '' if it runs none."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
