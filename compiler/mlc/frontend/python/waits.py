"""Nothing is happening elsewhere that a script could wait for: sleeping takes no time, but the clock goes on.

``time.sleep`` and ``asyncio.sleep`` return at once and move ``time.time()`` and its siblings on, so that a loop with a
deadline ends; one without is ended after a while. Other threads sleep for moments only.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from mlc.sdk.session import session

_MOMENT = 0.02
_CLOCKS = ("time", "monotonic", "perf_counter")


@contextlib.contextmanager
def impatient() -> Iterator[None]:
    """No waiting inside of the block."""
    sleep, ours = time.sleep, threading.get_ident()
    clocks = {name: getattr(time, name) for name in _CLOCKS}
    skipped = 0.0

    def move(seconds: Any) -> None:
        nonlocal skipped
        session().wait()
        if not skipped:
            for name, clock in clocks.items():
                setattr(time, name, lambda clock=clock: clock() + skipped)
        skipped += max(0.0, float(seconds))

    def instead(seconds: Any = 0, /) -> None:
        if threading.get_ident() == ours:
            move(seconds)
        else:
            sleep(min(max(0.0, seconds), _MOMENT))

    time.sleep = instead
    restore = _patched_asyncio(move)
    try:
        yield
    finally:
        time.sleep = sleep
        for name, clock in clocks.items():
            setattr(time, name, clock)
        restore()


def _patched_asyncio(move: Any) -> Any:
    """Patch ``asyncio.sleep``, now or as soon as asyncio is imported; gives the function that undoes it."""
    undo: list[Any] = []

    def patch(module: Any) -> None:
        real = module.sleep

        async def sleep(delay: Any, result: Any = None) -> Any:
            move(delay)
            return await real(0, result)

        module.sleep = module.tasks.sleep = sleep
        undo.append((module, real))

    def restore() -> None:
        for module, real in undo:
            module.sleep = module.tasks.sleep = real

    if "asyncio" in sys.modules:
        patch(sys.modules["asyncio"])
    else:
        sys.meta_path.insert(0, _Import("asyncio", patch))
    return restore


class _Import:
    """Calls ``then`` with a module when it has been imported. (The list of finders is put back by somebody else.)"""

    def __init__(self, name: str, then: Any) -> None:
        self._name = name
        self._then = then
        self._loader: Any = None

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """The module's own spec, with this object as its loader."""
        if fullname != self._name or self._loader is not None:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(fullname, path)
        if spec is not None:
            self._loader, spec.loader = spec.loader, self  # type: ignore[assignment]
        return spec

    def create_module(self, spec: Any) -> Any:
        """As the module's own loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """As the module's own loader does, and then what is to be done with it."""
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then(module)
