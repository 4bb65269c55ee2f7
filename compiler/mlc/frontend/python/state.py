"""Running a script in this process: everything that it may change is put back afterwards."""

import builtins
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from mlc.frontend.python.modules import OurModules, forget_users, is_ours, lazy_urllib, shadowed
from mlc.sdk.session import session


@contextlib.contextmanager
def as_main(file: Path, arguments: tuple[str, ...], missing: Any) -> Iterator[ModuleType]:
    """The process as ``python file arguments`` sees it; gives the module ``__main__``. ``missing`` finds stand-ins."""
    with contextlib.ExitStack() as stack:
        for keep in (_modules, _attributes, _folder, _logging, _output, _input, _exit, lazy_urllib):
            stack.enter_context(keep())
        for name in shadowed(file.parent):
            del sys.modules[name]
        sys.argv = [str(file), *arguments]
        sys.path[:] = [str(file.parent), *(entry for entry in sys.path if entry)]
        sys.dont_write_bytecode = True
        sys.meta_path[:] = [OurModules(), *sys.meta_path, missing]
        os.chdir(file.parent)
        time.sleep = _impatient(time.sleep)  # type: ignore[assignment]
        module = ModuleType("__main__")
        module.__file__ = str(file)
        module.__builtins__ = __builtins__  # type: ignore[attr-defined]
        sys.modules["__main__"] = module
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


@contextlib.contextmanager
def _attributes() -> Iterator[None]:
    """What scripts change in ``sys``, ``os.environ`` and elsewhere."""
    places: tuple[Any, ...] = (sys.path, sys.meta_path, sys.path_hooks)
    lists = [(place, list(place)) for place in places]
    names = (
        "path",
        "meta_path",
        "path_hooks",
        "argv",
        "excepthook",
        "displayhook",
        "dont_write_bytecode",
        "stdin",
        "stdout",
        "stderr",
    )
    values = {name: getattr(sys, name) for name in names}
    built_in = dict(vars(builtins))
    environ, recursion, sleep = dict(os.environ), sys.getrecursionlimit(), time.sleep
    trace, profile, thread_hook = sys.gettrace(), sys.getprofile(), threading.excepthook
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
        sys.setrecursionlimit(recursion)
        vars(builtins).update(built_in)
        time.sleep = sleep
        if sys.gettrace() is not trace:
            sys.settrace(trace)
        if sys.getprofile() is not profile:
            sys.setprofile(profile)
        threading.excepthook = thread_hook


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
    """Handlers and level of the root logger; ``warnings`` filters. Where nobody logs, ``logging`` (5 ms) stays out."""
    import warnings

    before = _root_logger()
    handlers, level = (list(before.handlers), before.level) if before else ([], 30)  # WARNING
    with warnings.catch_warnings():
        try:
            yield
        finally:
            root = _root_logger()
            if root is not None:
                root.handlers[:] = handlers
                root.setLevel(level)
                root.manager.disable = 0


def _root_logger() -> Any:
    return sys.modules["logging"].getLogger() if "logging" in sys.modules else None


@contextlib.contextmanager
def _output() -> Iterator[None]:
    """What the script prints goes to standard error, its child processes' too: standard output is the command's."""
    sys.stdout.flush()
    with contextlib.ExitStack() as stack:
        try:
            kept = os.dup(1)
            stack.callback(os.close, kept)
            os.dup2(2, 1)
            stack.callback(os.dup2, kept, 1)
        except OSError:
            pass  # one of the two is closed
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield


@contextlib.contextmanager
def _input() -> Iterator[None]:
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
        sys.stdin = empty
        ask, builtins.input = builtins.input, _no_answer
        stack.callback(setattr, builtins, "input", ask)
        yield


def _no_answer(prompt: object = "", /) -> str:
    raise EOFError(f"it asks {str(prompt).strip()!r}, and nobody answers" if prompt else "nobody answers input()")


@contextlib.contextmanager
def _exit() -> Iterator[None]:
    """``os._exit`` would end mlc without a word; in the script itself it ends the script. Child processes keep it."""
    really, ours = os._exit, os.getpid()

    def instead(status: int) -> NoReturn:
        if os.getpid() != ours:
            really(status)
        raise SystemExit(status)

    os._exit = instead
    try:
        yield
    finally:
        os._exit = really


def _impatient(sleep: Callable[[float], None]) -> Callable[[float], None]:
    """Not sleeping: nothing is happening elsewhere that could be waited for. Other threads sleep as ever."""
    ours = threading.get_ident()

    def instead(seconds: Any = 0, /) -> None:
        if threading.get_ident() != ours:
            sleep(seconds)
        else:
            session().wait()

    return instead
