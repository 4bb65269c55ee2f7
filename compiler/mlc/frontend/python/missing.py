"""Modules that are not installed here: inert stand-ins while a script is loaded, and the check that they may be.

A component's module imports what its environment has, TensorFlow for example. mlc needs none of it, because bodies of
components are not run. Whether a module may be missing is known only when all components are: it must be listed in
the environment of a component whose code holds the importing file.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from mlc.diagnostics import Span
from mlc.frontend.python.modules import is_ours, is_users, spec
from mlc.sdk.guarded import guards
from mlc.sdk.inert import Neutral
from mlc.sdk.session import place_of


class StandIn(Neutral):
    """Something of a missing module: any attribute, call, item, subclass; numbers are 0, comparisons false."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    @property
    def _mlc_missing_(self) -> str:
        return str(self._name).partition(".")[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_mlc_", "_repr_", "_ipython_")):
            raise AttributeError(name)
        return StandIn(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __call__(self, *args: Any, **more: Any) -> Any:
        """As a decorator it gives back what it decorates; else something inert."""
        if len(args) == 1 and not more and (isinstance(args[0], type) or hasattr(args[0], "__code__")):
            return args[0]
        return StandIn(str(self._name))

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (Base,)

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, cls: type) -> bool:
        return False

    def __getitem__(self, key: object) -> Any:
        return StandIn(f"{self._name}[]")

    def __str__(self) -> str:
        return f"<{self._name}, not installed>"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def _other(self, *_: Any) -> Any:
        return StandIn(str(self._name))

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _other
    __floordiv__ = __mod__ = __pow__ = __neg__ = __and__ = __or__ = __ror__ = __matmul__ = _other


class Base:
    """What a class of the user's is derived from where its own base is missing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return StandIn(name)


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0.0.0"
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")


class _Loader:
    stands_in = True

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = []


class MissingModules:
    """The last finder: what nobody has, and the user's own code imports plainly, gets a stand-in.

    An import inside of ``try ... except ImportError`` fails as its author expects. ``imports`` lists the others:
    name and place, once per name and file.
    """

    def __init__(self) -> None:
        self.imports: dict[tuple[str, str], Span] = {}
        self.progress: Callable[[], int] = int
        """How many jobs there are: what is imported after the last one has no part in it."""
        self.when: dict[tuple[str, str], int] = {}
        """How many jobs there were at each of ``imports``."""
        self.seen: set[str] = set()
        """Every module that got a stand-in."""
        self.provided: frozenset[str] = frozenset()
        """Modules that the source's surroundings have: IPython, in a notebook."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """A stand-in's spec, or None where an import error is due."""
        top = fullname.partition(".")[0]
        if top in sys.stdlib_module_names or top == "mlc" or is_ours(fullname):
            return None
        if "." in fullname and not _open_parent(fullname):
            return None
        place = _importer()
        if place is None:
            return None
        file = place.file
        if guards(file, place.line, frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})):
            return None
        if (found := _above(fullname, Path(file))) is not None:
            return found
        self.seen.add(fullname)
        if top not in self.provided and not isinstance(sys.modules.get(fullname.rpartition(".")[0]), _Module):
            self.imports.setdefault((fullname, file), place)
            self.when.setdefault((fullname, file), self.progress())
        return spec(fullname, _Loader())


_HIGHEST = 6
"""Folders above the importing file that are looked into."""


def _above(fullname: str, file: Path) -> Any:
    """The spec of a package that stands above the file that imports it: people set PYTHONPATH, or install it for that.

    Up to the top of the repository. The folder joins ``sys.path``, as PYTHONPATH would have it.
    """
    if "." in fullname:
        return None
    for folder in list(file.parents)[:_HIGHEST]:
        for place in (folder, folder / "src") if folder != file.parent else ():
            if (place / fullname / "__init__.py").is_file() or (place / f"{fullname}.py").is_file():
                sys.path.append(str(place))
                return PathFinder.find_spec(fullname, [str(place)])
        if any((folder / name).exists() for name in _TOPS):
            break
    return None


_TOPS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
"""What the top folder of a repository, or of a distribution, has in it."""


def _open_parent(fullname: str) -> bool:
    """Whether a missing submodule can have a stand-in: its package is one, or is spread over distributions."""
    parent = sys.modules.get(fullname.rpartition(".")[0])
    return isinstance(parent, _Module) or getattr(parent, "__file__", None) is None


def _importer() -> Span | None:
    """Where the import statement is; None: not in the user's code, or only asked whether a module is there."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        asked = file == "<frozen importlib.util>"
        if asked or not (file.startswith("<frozen importlib") or file == importlib.__file__):
            return place_of(frame.f_code, frame.f_lasti) if is_users(file) and not asked else None
        frame = frame.f_back
    return None
