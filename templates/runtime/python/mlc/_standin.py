"""Stand-ins for modules of the SDK that an image does not have: a component's module may import them, a step has no
use for them. They are looked for last, so an installed package always wins.
"""

import importlib.machinery
import sys
import types

_EMPTY = ("azure", "azure.ai")
_FULL = ("azure.ai.ml", "azure.identity", "mldesigner", "mlc")


class _InertClass(type):
    def __getattr__(cls, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert()


class Inert(object, metaclass=_InertClass):
    """Anything that is asked of it is inert again; as a decorator it gives the function back."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        return Inert()

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return pipeline if name == "pipeline" else Inert()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __repr__(self):
        return "<not available in a running step>"


def pipeline(*args, **kwargs):
    """``@pipeline``, with or without arguments. What it decorates is built where the source is compiled: a module that
    calls it while it is imported must not run the functions of its components here.
    """
    if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
        return Inert()
    return lambda function: Inert()


class _Module(types.ModuleType):
    """A module that has every name. (A module-level ``__getattr__`` needs Python 3.7.)"""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name == "pipeline":
            return pipeline
        from mlc import _declare

        if hasattr(_declare, name) and not name.startswith("_"):
            return getattr(_declare, name)
        # A class, so that the user's module can also derive from it or write it in annotations.
        value = _InertClass(str(name), (Inert,), {}) if name[:1].isupper() else Inert()
        setattr(self, name, value)
        return value


class _Finder(object):
    """Finds what nobody else has found, below the packages of the SDK."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _EMPTY and not (name + ".").startswith(tuple(full + "." for full in _FULL)):
            return None
        return importlib.machinery.ModuleSpec(name, _Loader(), is_package=True)


class _Loader(object):
    @staticmethod
    def create_module(spec):
        return (types.ModuleType if spec.name in _EMPTY else _Module)(spec.name)

    @staticmethod
    def exec_module(module):
        """Nothing to run: names are made when they are asked for."""


def install():
    """Append the finder, once."""
    if not any(finder is _Finder for finder in sys.meta_path):
        sys.meta_path.append(_Finder)


def fill(name):
    """Let an imported module have every name that it does not define."""
    sys.modules[name].__class__ = _Module
