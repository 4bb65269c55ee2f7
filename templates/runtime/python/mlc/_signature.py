"""What a function's signature says about its ports."""

import enum
import inspect

from mlc._declare import Input, Output, group_fields

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_EMPTY = inspect.Parameter.empty


class Port(object):
    """A parameter or a returned output. ``default`` is ``Port.REQUIRED`` where there is none."""

    REQUIRED = object()

    def __init__(self, name, declared, default=REQUIRED, is_output=False):
        self.name = name
        self.default = default
        self.is_output = is_output
        self.type = str(getattr(declared.type, "value", declared.type)).lower()
        self.optional = bool(getattr(declared, "optional", False))
        self.min = getattr(declared, "min", None)
        self.max = getattr(declared, "max", None)
        self.enum = getattr(declared, "enum", None)


def parameters(function):
    """The ports of the named parameters; whether any other name is accepted as well (``**kwargs``)."""
    found, anything = [], False
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            anything = True
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            found.append(_port(name, parameter, function))
    return found, anything


def by_position(function, arguments):
    """Take the values of parameters that cannot be named (those before a ``/``) out of ``arguments``, as a list."""
    found = inspect.signature(function).parameters.values()
    return [arguments.pop(item.name) for item in found if item.kind is item.POSITIONAL_ONLY]


def returned(function):
    """The outputs that the return value becomes: one named ``output``, or the fields of a group; else none."""
    annotation = _resolve(inspect.signature(function).return_annotation, function)
    if annotation is _EMPTY or annotation is None or annotation is type(None):
        return []
    if isinstance(annotation, type) and hasattr(annotation, "_mlc_group_"):
        fields = group_fields(annotation)
        return [Port(name, _declared(_resolve(fields[name], function), _EMPTY), is_output=True) for name in fields]
    return [Port("output", _declared(annotation, _EMPTY), is_output=True)]


def _port(name, parameter, function):
    annotation = _resolve(parameter.annotation, function)
    declared = _declared(annotation, parameter.default)
    default = parameter.default
    if default is _EMPTY or default is None:
        default = Port.REQUIRED
    if default is Port.REQUIRED and getattr(declared, "default", None) is not None:
        default = declared.default
    return Port(name, declared, default, is_output=_is(declared, "Output"))


def _declared(annotation, default):
    """An object with ``type`` and, where they are said, ``optional``, ``min``, ``max``, ``enum``."""
    if hasattr(annotation, "__metadata__"):
        return _annotated(annotation, default)
    if isinstance(annotation, type) and annotation is not _EMPTY:
        if issubclass(annotation, enum.Enum):
            return Input(type="string", enum=list(annotation))
        if _is_name(annotation, "Input"):
            return Input()
        if _is_name(annotation, "Output"):
            return Output()
        return Input(type=_TYPES.get(annotation, "string"))
    if _is(annotation, "Input") or _is(annotation, "Output"):
        return annotation
    if isinstance(default, enum.Enum):
        return Input(type="string", enum=list(type(default)))
    return Input(type=_TYPES.get(type(default), "string"))


def _annotated(annotation, default):
    declared = _declared(annotation.__origin__, default)
    for meta in annotation.__metadata__:
        for name in ("optional", "default", "min", "max", "enum"):
            if getattr(meta, name, None) is not None:
                setattr(declared, name, getattr(meta, name))
    return declared


def _is(value, name):
    """Whether ``value`` is an ``Input`` or ``Output`` of ours or of an installed SDK."""
    return _is_name(type(value), name) and hasattr(value, "type")


def _is_name(cls, name):
    return any(base.__name__ == name for base in cls.__mro__)


def _resolve(annotation, function):
    """Text annotations (``from __future__ import annotations``) are names of the function's module."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, getattr(function, "__globals__", {}))
    except Exception:
        return _EMPTY
