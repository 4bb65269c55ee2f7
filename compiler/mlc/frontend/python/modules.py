"""The import system while a script runs: our modules in place of the reference's, and whose code a file is."""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from mlc.sdk.azure import FALLBACK, MODULES, OURS, UNLISTED, public_names
from mlc.sdk.entities import entity

_PARENTS = frozenset({"azure", "azure.ai"})
_STANDARD = tuple({os.path.join(os.path.split(each)[0], "") for each in (os.__file__, os.path.realpath(os.__file__))})  # noqa: PTH118
"""Python's own library, also where it is a link. (sysconfig knows it too, for a hundred times the price.)"""
_MLC = str(Path(__file__).parents[2]) + os.sep
_SHIPPED = f"{_MLC}components{os.sep}"
"""Components in the installed package are sources like any user's."""


def is_installed(file: str) -> bool:
    """Whether a file belongs to Python itself or to an installed package: not the user's own code."""
    parts = ("site-packages", "dist-packages")
    if any(f"{os.sep}{part}{os.sep}" in file for part in parts):
        return True
    return file.startswith((*_STANDARD, "<frozen"))


def is_users(file: str) -> bool:
    """Whether a code object's file is the user's own source."""
    ours = file.startswith(_MLC) and not file.startswith(_SHIPPED)
    return not (ours or is_installed(file) or file.startswith("<string>"))


class OurModules:
    """Finds the modules of :data:`mlc.sdk.azure.MODULES`; what is really installed beside them stays as it is."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """A spec for a module that is ours; None for every other."""
        if fullname in _PARENTS:
            found = PathFinder.find_spec(fullname, path)
            return found or spec(fullname, _Package())
        if is_ours(fullname):
            private = any(part.startswith("_") for part in fullname.split("."))
            known = fullname in MODULES or fullname in UNLISTED or private
            return spec(fullname, _Names(_source(fullname))) if known else None
        if fullname in MODULES and PathFinder.find_spec(fullname, path) is None:
            return spec(fullname, _Names(MODULES[fullname]))
        if fullname == "webbrowser":
            return spec(fullname, _Silent())
        return None


def _source(fullname: str) -> str:
    """Where the names of a module of ours are: of a private one (``azure.ai.ml.constants._common``) its parent's."""
    parent = fullname.rpartition(".")[0]
    return MODULES.get(fullname) or (MODULES[parent] if parent in _WITH_ANY_NAME else FALLBACK)


_WITH_ANY_NAME = frozenset({"azure.ai.ml.constants", "azure.ai.ml.sweep", "azure.ai.ml.exceptions", "azure.identity"})
"""Parents that answer every name, as their private modules have to."""


def spec(name: str, loader: Any) -> ModuleSpec:
    """The spec of a package. (Loaders here do not derive from ``importlib.abc``, whose import takes milliseconds.)"""
    return ModuleSpec(name, loader, is_package=True)


def is_ours(name: str) -> bool:
    """Whether a module of that name is ours whatever is installed."""
    return name in OURS or name.startswith(tuple(f"{prefix}." for prefix in OURS))


class _Package:
    """An empty package, for parents that are not installed."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = []


class _Names(_Package):
    """A module with the public names of one of ``mlc.sdk.azure``."""

    def __init__(self, source: str) -> None:
        self._source = source

    def exec_module(self, module: ModuleType) -> None:
        users, sys.dont_write_bytecode = sys.dont_write_bytecode, bool(sys.flags.dont_write_bytecode)
        try:  # What is the script's own is not kept compiled, but these modules are ours: 5 ms of every start.
            source: Any = importlib.import_module(f"mlc.sdk.azure.{self._source}")
        finally:
            sys.dont_write_bytecode = users
        module.__path__ = []
        module.__doc__ = source.__doc__
        module.__dict__.update({name: getattr(source, name) for name in source.__all__})
        module.__getattr__ = _further(module.__name__, source)  # type: ignore[method-assign]


def _further(module: str, source: Any) -> Callable[[str], Any]:
    """What is asked of a module beyond the names that are listed there."""

    def get(name: str) -> Any:
        if name == "__all__":  # for 'import *'
            return [*public_names().get(module, source.__all__)]
        if f"{module}.{name}" in MODULES or f"{module}.{name}" in UNLISTED:  # the reference has imported it
            return importlib.import_module(f"{module}.{name}")
        try:
            return getattr(source, name)
        except AttributeError:
            if name not in public_names().get(module, ()):
                raise
        return entity(name)

    return get


class _Silent(_Package):
    """``webbrowser``, which opens nothing: there is no job page to look at."""

    def exec_module(self, module: ModuleType) -> None:
        for name in ("open", "open_new", "open_new_tab"):
            setattr(module, name, lambda *_, **__: False)


@contextlib.contextmanager
def lazy_urllib() -> Iterator[None]:
    """``import urllib`` alone gives ``urllib.request`` too, as it does once the reference SDK is imported."""
    import urllib

    def get(name: str) -> ModuleType:
        try:
            return importlib.import_module(f"urllib.{name}")
        except ModuleNotFoundError:
            raise AttributeError(f"module 'urllib' has no attribute {name!r}") from None

    vars(urllib)["__getattr__"] = get
    try:
        yield
    finally:
        del vars(urllib)["__getattr__"]


def shadowed(folder: Path) -> list[str]:
    """Loaded modules that a file of the script's folder would be imported instead of."""
    names = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        name = entry.name.removesuffix(".py")
        if name == entry.name and not os.path.exists(os.path.join(entry.path, "__init__.py")):  # noqa: PTH110, PTH118
            continue
        loaded = sys.modules.get(name)
        if loaded is not None and name not in sys.stdlib_module_names and name not in {"mlc", "__main__"}:
            names.append(name)
    return names


def forget_users(before: dict[str, ModuleType]) -> None:
    """Take modules out that the script brought: its own, ours, stand-ins; put those back that were there before."""
    # All are looked at before the first one goes: the path of a package without a file depends on its parent's.
    brought = [(name, module) for name, module in list(sys.modules.items()) if name not in before]
    for name, module in [(name, module) for name, module in brought if _is_brought(name, module)]:
        del sys.modules[name]
        parent, _, child = name.rpartition(".")
        if parent in sys.modules and getattr(sys.modules[parent], child, None) is module:
            delattr(sys.modules[parent], child)
    sys.modules.update(before)


def _is_brought(name: str, module: Any) -> bool:
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    if isinstance(loader, _Package) or getattr(loader, "stands_in", False):
        return True
    if getattr(getattr(module, "__spec__", None), "name", None) not in {name, f"_{name}"}:
        return True  # put there by hand
    file = getattr(module, "__file__", None)
    if file is None:
        try:
            places = list(getattr(module, "__path__", None) or ())
        except KeyError:  # its parent is gone: the script took it out
            return True
        return bool(places) and not any(is_installed(f"{place}{os.sep}") for place in places)
    return not is_installed(str(file)) and not str(file).startswith(_MLC)
