"""Where a script's words go, and what it reads: standard error, and nothing."""

import builtins
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def output() -> Iterator[None]:
    """What the script prints goes to standard error, its child processes' too: standard output is the command's.

    It gets streams of its own. Scripts wrap, reconfigure and close them.
    """
    sys.stdout.flush()
    streams = sys.stdout, sys.stderr
    with contextlib.ExitStack() as stack:
        try:
            kept = os.dup(1)
            stack.callback(os.close, kept)
            os.dup2(2, 1)
            stack.callback(os.dup2, kept, 1)
        except OSError:
            pass  # one of the two is closed
        sys.stdout, sys.stderr = _stream(), _stream()
        stack.callback(_restored, streams, (sys.stdout, sys.stderr))
        yield


def _stream() -> Any:
    """A new text stream onto standard error; the old one where that is no file."""
    try:
        return open(os.dup(2), "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: PTH123
    except OSError:
        return sys.stderr


def _restored(streams: tuple[Any, Any], used: tuple[Any, Any]) -> None:
    for stream in {id(stream): stream for stream in (sys.stdout, sys.stderr, *used)}.values():
        with contextlib.suppress(Exception):
            stream.flush()
    sys.stdout, sys.stderr = streams


@contextlib.contextmanager
def no_input() -> Iterator[None]:
    """An empty standard input: a script that asks a question fails at its line instead of waiting for an answer."""
    with contextlib.ExitStack() as stack:
        empty = stack.enter_context(Path(os.devnull).open(encoding="utf-8"))
        try:
            kept = os.dup(0)
            stack.callback(os.close, kept)
            os.dup2(empty.fileno(), 0)
            stack.callback(os.dup2, kept, 0)
        except OSError:
            pass  # there is none
        before, sys.stdin = sys.stdin, empty
        stack.callback(setattr, sys, "stdin", before)
        ask, builtins.input = builtins.input, _no_answer
        stack.callback(setattr, builtins, "input", ask)
        yield


def _no_answer(prompt: object = "", /) -> str:
    raise EOFError(f"it asks {str(prompt).strip()!r}, and nobody answers" if prompt else "nobody answers input()")
