"""What Python does when a script has come to its end: wait for threads, run what is registered with ``atexit``."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from mlc.frontend.python.modules import is_users

PATIENCE = 10.0
"""Seconds for which threads are waited for."""


@contextlib.contextmanager
def finished() -> Iterator[list[threading.Thread]]:
    """Run the block and what has to follow it; gives the list of threads that do not end."""
    import atexit

    before = set(threading.enumerate())
    calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []
    register, unregister = atexit.register, atexit.unregister

    def remember(func: Any, /, *args: Any, **more: Any) -> Any:
        if not is_users(sys._getframe(1).f_code.co_filename):
            return register(func, *args, **more)
        calls.append((func, args, more))
        return func

    def forget(func: Any, /) -> None:
        calls[:] = [call for call in calls if call[0] != func]
        unregister(func)

    left: list[threading.Thread] = []
    atexit.register, atexit.unregister = remember, forget
    try:
        yield left
        _join([thread for thread in threading.enumerate() if thread not in before], left)
        for func, args, more in reversed(calls):
            try:
                func(*args, **more)
            except KeyboardInterrupt:
                raise
            except BaseException as problem:
                sys.stderr.write(f"In a function registered with atexit: {type(problem).__name__}: {problem}\n")
    finally:
        atexit.register, atexit.unregister = register, unregister


def _join(threads: list[threading.Thread], left: list[threading.Thread]) -> None:
    """Wait for the threads of a script, as Python does before it ends; those that go on for ever do not hold mlc up."""
    pools: Any = sys.modules.get("concurrent.futures.thread")
    queues = dict(getattr(pools, "_threads_queues", {}))
    end = time.monotonic() + PATIENCE
    for thread in threads:
        if thread.daemon:
            continue
        queue = queues.get(thread)
        if queue is not None:
            pools._shutdown = True
            queue.put(None)
        thread.join(max(0.0, end - time.monotonic()))
        if queue is not None:
            pools._shutdown = False
        if thread.is_alive():
            left.append(thread)
            _let_go(thread)


def _let_go(thread: threading.Thread) -> None:
    """Take a thread from those that Python waits for at its end."""
    locks = getattr(threading, "_shutdown_locks", None)
    if locks is not None:
        locks.discard(getattr(thread, "_tstate_lock", None))
    done = getattr(getattr(thread, "_handle", None), "_set_done", None)
    if done is not None:
        done()
