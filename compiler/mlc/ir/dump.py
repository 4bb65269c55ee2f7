"""``plan.json``: a plan as JSON and back, the same bytes for the same plan.

What equals its default is left out; members of unions carry their class as ``kind``; small maps of text are objects.
Fields that only live while compiling (``LOCAL``) are left out.
"""

import json
import math
import re
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from typing import Any, Union, get_args, get_origin, get_type_hints

from mlc.ir.image import BuildDockerfile, MambaInstall, UseImage, UvInstall
from mlc.ir.plan import FORMAT, Constant, DataSource, InputValue, OutputSource, Plan, TaskValue, ValueSource
from mlc.ir.sweep import (
    Bandit,
    Choice,
    Group,
    MedianStopping,
    Normal,
    Option,
    Randint,
    TruncationSelection,
    Uniform,
)
from mlc.ir.template import Bracket, InputRef, OutputRef, Text
from mlc.ir.types import Pairs

WIDTH = 110
"""Columns of a line of ``plan.json``, where that can be."""

_MEMBERS = (
    *(UseImage, UvInstall, MambaInstall, BuildDockerfile),
    *(Constant, InputValue, TaskValue, ValueSource, DataSource, OutputSource),
    *(Text, InputRef, OutputRef, Bracket),
    *(Option, Group, Choice, Uniform, Normal, Randint),
    *(Bandit, MedianStopping, TruncationSelection),
)
_KINDS: dict[type, str] = {member: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", member.__name__).lower() for member in _MEMBERS}


def to_json(plan: Plan) -> str:
    """The text of ``plan.json``, with a line feed at the end."""
    body = {"format": plan.format} | _encode(plan)
    return _pretty(body, 0) + "\n"


def from_json(text: str) -> Plan:
    """The plan in ``text``; ``ValueError`` with a sentence if it is none, of another format, or not whole."""
    from mlc.ir.verify import InternalError, verify  # 2 ms that writing does not need

    try:
        body = json.loads(text)
        if not isinstance(body, dict):
            raise ValueError("it holds no object")
        if body.get("format") != FORMAT:
            raise ValueError(f"its format is {body.get('format')!r}, this version of mlc reads {FORMAT}")
        plan = _decode(Plan, body, "plan")
        assert isinstance(plan, Plan)
        verify(plan)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except json.JSONDecodeError as problem:
        raise ValueError(f"it is not JSON: {problem}") from None
    except InternalError as problem:
        raise ValueError(f"it is not whole: {problem}") from None
    return plan


def _pretty(value: Any, indent: int) -> str:
    """JSON with two blanks per level; what fits on a line stays on it. (What did not fit below, does not fit here.)"""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {_pretty(item, indent + 2)}" for key, item in value.items()]
        start, end = "{", "}"
    elif isinstance(value, list):
        items = [_pretty(item, indent + 2) for item in value]
        start, end = "[", "]"
    else:
        return json.dumps(value)
    if not items or (indent and sum(map(len, items)) + 2 * len(items) + indent <= WIDTH):
        return f"{start}{', '.join(items)}{end}"
    pad = " " * (indent + 2)
    lines = f",\n{pad}".join(items)
    return f"{start}\n{pad}{lines}\n{pad[2:]}{end}"


def _encode(value: Any) -> Any:
    if value.__class__ is str:  # Half of all values; a check for a dataclass takes longer than all the rest.
        return value
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if not is_dataclass(value):
        return str(value) if isinstance(value, StrEnum) else value
    found: dict[str, Any] = {}
    kind = _KINDS.get(type(value))
    if kind is not None:
        found["kind"] = kind
    for name, default, is_pairs in _shape(value.__class__):
        item = getattr(value, name)
        if item != default:
            found[name] = dict(item) if is_pairs else _encode(item)
    return found


@cache
def _shape(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name, default and whether it is a map of text, for each field that is dumped."""
    return tuple((item.name, _default(item), hint == Pairs) for item, hint in _fields(cls))


@cache
def _fields(cls: Any) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(cls)
    return tuple((item, hints[item.name]) for item in fields(cls) if _is_dumped(item))


def _is_dumped(item: Field[Any]) -> bool:
    return item.compare and not item.metadata.get("local")


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _decode(hint: Any, value: Any, where: str) -> Any:
    """``value`` as the type that ``hint`` says; ``where`` is its place in the document."""
    if hint == Pairs:
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise ValueError(f"{where} must be an object of texts")
        return tuple(value.items())
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where} must be a list")
        return tuple(_decode(get_args(hint)[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if get_origin(hint) in {types.UnionType, Union}:
        return _decode_union(get_args(hint), value, where)
    if is_dataclass(hint):
        return _decode_object(hint, value, where)
    return _decode_scalar(hint, value, where)


def _decode_union(members: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in members:
        return None
    rest = [member for member in members if member is not type(None)]
    if len(rest) == 1:
        return _decode(rest[0], value, where)
    if all(is_dataclass(member) for member in rest):
        kind = value.get("kind") if isinstance(value, dict) else None
        for member in rest:
            if _KINDS.get(member) == kind and kind is not None:
                return _decode_object(member, value, where)
        known = ", ".join(_KINDS[member] for member in rest)
        raise ValueError(f"{where} must be of one of the kinds {known}")
    raise ValueError(f"{where} cannot be read")


def _decode_object(cls: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be an object")
    known = _fields(cls)
    unknown = value.keys() - {item.name for item, _ in known} - {"kind"}
    if unknown:
        raise ValueError(f"{where} has unknown fields: {', '.join(sorted(unknown))}")
    given: dict[str, Any] = {}
    for item, hint in known:
        if item.name in value:
            given[item.name] = _decode(hint, value[item.name], f"{where}.{item.name}")
        elif _default(item) is MISSING:
            raise ValueError(f"{where} lacks {item.name!r}")
    return cls(**given)


def _decode_scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if not isinstance(value, str) or value not in hint.__members__.values():
            raise ValueError(f"{where} must be one of {', '.join(hint)}")
        return hint(value)
    if isinstance(hint, type) and type(value) is hint:
        if isinstance(value, str) and not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise ValueError(f"{where} is no text")
        return value
    raise ValueError(f"{where} must be of type {getattr(hint, '__name__', hint)}")


def to_text(plan: Plan, bundle: str = "") -> str:
    """The plan as a person reads it, from where ``bundle`` is the path of its folder; see :mod:`mlc.ir.describe`."""
    from mlc.ir.describe import to_text as describe

    return describe(plan, bundle)
