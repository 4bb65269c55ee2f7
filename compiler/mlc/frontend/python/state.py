"""Running a script in this process: everything that it may change is put back afterwards."""

import builtins
import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from mlc.frontend.python.ends import survived
from mlc.frontend.python.modules import OurModules, forget_users, is_ours, lazy_urllib, shadowed
from mlc.frontend.python.streams import no_input, output
from mlc.frontend.python.waits import impatient


@contextlib.contextmanager
def as_main(file: Path, arguments: tuple[str, ...], missing: Any) -> Iterator[ModuleType]:
    """The process as ``python file arguments`` sees it; gives the module ``__main__``. ``missing`` finds stand-ins."""
    with contextlib.ExitStack() as stack:
        for keep in (_modules, _attributes, _interpreter, _folder, _logging, output, no_input, lazy_urllib):
            stack.enter_context(keep())
        for name in shadowed(file.parent):
            del sys.modules[name]
        sys.argv = [str(file), *arguments]
        sys.path[:] = [str(file.parent), *(entry for entry in sys.path if entry)]
        sys.dont_write_bytecode = True
        sys.breakpointhook = lambda *_, **__: None
        sys.meta_path[:] = [OurModules(), *sys.meta_path, missing]
        os.chdir(file.parent)
        module = ModuleType("__main__")
        module.__file__ = str(file)
        module.__builtins__ = __builtins__  # type: ignore[attr-defined]
        sys.modules["__main__"] = module
        stack.enter_context(survived())
        stack.enter_context(impatient())
        yield module


@contextlib.contextmanager
def _modules() -> Iterator[None]:
    before = dict(sys.modules)
    for name in list(sys.modules):
        if is_ours(name) or name == "webbrowser":
            del sys.modules[name]
    try:
        yield
    finally:
        forget_users(before)


_SYS = (
    *("path", "meta_path", "path_hooks", "argv", "excepthook", "displayhook", "unraisablehook", "breakpointhook"),
    *("dont_write_bytecode", "stdin", "stdout", "stderr"),
)


@contextlib.contextmanager
def _attributes() -> Iterator[None]:
    """What scripts change in ``sys``, ``os.environ`` and ``builtins``."""
    places: tuple[Any, ...] = (sys.path, sys.meta_path, sys.path_hooks)
    lists = [(place, list(place)) for place in places]
    values = {name: getattr(sys, name) for name in _SYS}
    built_in, environ = dict(vars(builtins)), dict(os.environ)
    try:
        yield
    finally:
        for place, content in lists:
            place[:] = content
        for name, value in values.items():
            setattr(sys, name, value)
        if dict(os.environ) != environ:
            os.environ.clear()
            os.environ.update(environ)
        for name in vars(builtins).keys() - built_in.keys():
            delattr(builtins, name)
        vars(builtins).update(built_in)


_SETTINGS: tuple[tuple[Callable[[], Any], Callable[[Any], Any]], ...] = (
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (gc.isenabled, lambda enabled: (gc.enable if enabled else gc.disable)()),
    (gc.get_threshold, lambda threshold: gc.set_threshold(*threshold)),
    (lambda: threading.excepthook, lambda hook: setattr(threading, "excepthook", hook)),
)
"""What reads a setting of the interpreter, and what sets it."""


@contextlib.contextmanager
def _interpreter() -> Iterator[None]:
    before = [read() for read, _ in _SETTINGS]
    umask = os.umask(0o022)
    os.umask(umask)
    try:
        yield
    finally:
        for (read, write), value in zip(_SETTINGS, before, strict=True):
            if read() != value:
                write(value)
        os.umask(umask)
        if "socket" in sys.modules:
            sys.modules["socket"].setdefaulttimeout(None)


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    before = Path.cwd()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the script has removed it
            os.chdir(before)


@contextlib.contextmanager
def _logging() -> Iterator[None]:
    """Handlers and levels of all loggers; ``warnings`` filters. Where nobody logs, ``logging`` (5 ms) stays out.

    The script finds the root logger as Python leaves it: ``logging.basicConfig()`` does nothing where handlers are.
    """
    import warnings

    before = {id(logger): state for logger, state in _loggers()}
    for root, _ in _loggers()[:1]:
        root.handlers[:], root.level = [], 30
    with warnings.catch_warnings():
        try:
            yield
        finally:
            for logger, _ in _loggers():
                none = [item for item in logger.handlers if type(item).__name__ == "NullHandler"]
                fresh = none, 30 if logger.parent is None else 0, True, False  # WARNING; NOTSET
                handlers, logger.level, logger.propagate, logger.disabled = before.get(id(logger), fresh)
                logger.handlers[:] = handlers
            if "logging" in sys.modules:
                manager = sys.modules["logging"].getLogger().manager
                manager.disable = 0
                manager._clear_cache()


def _loggers() -> list[tuple[Any, tuple[Any, ...]]]:
    """Every logger there is, and what can be changed about it."""
    logging = sys.modules.get("logging")
    if logging is None:
        return []
    root = logging.getLogger()
    found = [root, *(item for item in root.manager.loggerDict.values() if isinstance(item, logging.Logger))]
    return [(item, (list(item.handlers), item.level, item.propagate, item.disabled)) for item in found]
