"""Imports the file of a component and finds the function in it."""

import importlib
import importlib.util
import os
import sys

from mlc._declare import COMPONENTS
from mlc._report import UserError, guarded


def load(source):
    """The module of ``source``, a path relative to the working folder, as ``import a.b`` would give it."""
    if not os.path.isfile(source):
        raise UserError("the component's file {!r} is not in the code of the step".format(source))
    sys.path.insert(0, os.getcwd())
    folder = os.path.dirname(os.path.abspath(source))
    if folder not in sys.path:
        # A module beside the source can be imported by its own name, as when the file is run as a script.
        sys.path.append(folder)
    return guarded(_import, source)


def _import(source):
    parts = os.path.splitext(os.path.normpath(source))[0].split(os.sep)
    if all(part.isidentifier() for part in parts) and not _is_taken(parts):
        name = ".".join(parts)
        if len(parts) > 1:
            importlib.import_module(".".join(parts[:-1]))
    else:
        name = "mlc_component_module"
    spec = importlib.util.spec_from_file_location(name, os.path.abspath(source))
    if spec is None:
        raise UserError("the component's file {!r} is not a Python file".format(source))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _is_taken(parts):
    """Whether something else is imported under that name already, such as a module of the standard library."""
    return parts[0] in sys.modules


def find(module, name):
    """The function of the component ``name``; if there is none, the function of that name."""
    own = [(title, function) for title, function in COMPONENTS if function.__module__ == module.__name__]
    for title, function in own + COMPONENTS:
        if title == name:
            return function
    for _, function in own:
        if function.__name__ == name:
            return function
    function = getattr(module, name, None) if name in vars(module) else None
    if callable(function):
        return function
    names = ", ".join(sorted(set(title for title, _ in own))) or "none"
    file = os.path.basename(getattr(module, "__file__", None) or module.__name__)
    raise UserError("{} has no component {!r}; it has: {}".format(file, name, names))
