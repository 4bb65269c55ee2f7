"""Ports and decorators as the user's module sees them: they remember, and change nothing."""

COMPONENTS = []
"""Every decorated function with its component's name, in the order of definition."""


class _Port(object):
    """``Input(...)`` and ``Output(...)``: attributes are what was said."""

    def __init__(self, type="uri_folder", **said):
        self.type = _type_name(type)
        for name in ("optional", "default", "min", "max", "enum", "description", "mode", "path"):
            setattr(self, name, said.pop(name, None))
        self.__dict__.update(said)

    def __repr__(self):
        return "{}(type={!r})".format(type(self).__name__, self.type)


class Input(_Port):
    """An input of a component."""


class Output(_Port):
    """An output of a component."""


class Meta(object):
    """``Annotated[int, Meta(min=1)]``."""

    def __init__(self, **said):
        for name in ("optional", "default", "min", "max", "enum", "description"):
            setattr(self, name, said.pop(name, None))
        self.__dict__.update(said)


class AssetTypes(object):
    """Types of data ports."""

    URI_FILE = "uri_file"
    URI_FOLDER = "uri_folder"
    TRITON_MODEL = "triton_model"
    CUSTOM_MODEL = "custom_model"
    MLFLOW_MODEL = "mlflow_model"
    MLTABLE = "mltable"


class InputOutputModes(object):
    """Ways in which data reaches a step."""

    MOUNT = "mount"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    RO_MOUNT = "ro_mount"
    RW_MOUNT = "rw_mount"
    EVAL_MOUNT = "eval_mount"
    EVAL_DOWNLOAD = "eval_download"
    DIRECT = "direct"


def command_component(func=None, **said):
    """Remember the function under its component's name and give it back as it is."""

    def decorate(function):
        COMPONENTS.append((said.get("name") or function.__name__, function))
        return function

    return decorate if func is None else decorate(func)


def group(cls):
    """A group's fields can be given by name or in order, as in a data class."""
    fields = group_fields(cls)

    def __init__(self, *values, **named):
        for name in fields:
            if hasattr(cls, name):
                setattr(self, name, getattr(cls, name))
        self.__dict__.update(zip(fields, values))
        self.__dict__.update(named)

    if "__init__" not in cls.__dict__:
        cls.__init__ = __init__
    cls._mlc_group_ = True
    return cls


def group_fields(cls):
    """Names and annotations of a group's fields, those of its bases first."""
    fields = {}
    for base in reversed(cls.__mro__):
        fields.update(_annotations(base))
    for name, value in vars(cls).items():
        if not name.startswith("_") and not callable(value):
            fields.setdefault(name, type(value))
    return fields


def _annotations(cls):
    # From Python 3.14 on annotations are computed when they are asked for, and are not in __dict__.
    if cls is object:
        return {}
    own = cls.__dict__.get("__annotations__")
    if own is None and "__annotate_func__" in cls.__dict__:
        own = cls.__annotations__
    return own if isinstance(own, dict) else {}


_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _type_name(given):
    given = getattr(given, "value", given)
    return _NAMES.get(given, given) if isinstance(given, type) else str(given)
