"""YAML scalars as the text that a command gets, depending on the type of the port that they are for.

YAML 1.1 takes ``007``, ``1_000``, ``12:30`` and ``on`` for numbers and booleans. A text port gets what the author
wrote; other ports get the value, spelled as the service spells it: ``True``, ``3``, ``1e-05``.
"""

import re

from mlc.frontend.yaml.located import Kind, Scalar
from mlc.ir.pipeline import Literal
from mlc.ir.types import PortType

_TRUE = frozenset({"true", "yes", "on", "y"})
_BOOLEANS = {"true": "True", "false": "False"}
_TYPES = {
    Kind.INTEGER: PortType.INTEGER,
    Kind.NUMBER: PortType.NUMBER,
    Kind.BOOLEAN: PortType.BOOLEAN,
}
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_LONGEST = 400
"""Digits; longer numbers stay text."""


def literal(node: Scalar, port: PortType | None = None) -> Literal:
    """A value given to a port of the type ``port`` (None: not known yet). Values that do not fit stay as they are."""
    own = _TYPES.get(node.kind, PortType.STRING)
    return Literal(text=_text(node, port), type=own, span=node.span)


def _text(node: Scalar, port: PortType | None) -> str:
    if port is PortType.STRING:
        return _string(node)
    match node.kind:
        case Kind.BOOLEAN:
            return "True" if node.text.lower() in _TRUE else "False"
        case Kind.INTEGER:
            number = whole_number(node)
            odd = ":" in node.text or node.text.lstrip("+-").startswith("0")
            if number is None or (port is None and odd and number != 0):
                return node.text
            return str(number)
        case Kind.NUMBER if ":" not in node.text:
            value = real_number(node)
            return node.text if value is None else repr(value)
    return node.text


def _string(node: Scalar) -> str:
    """For a text port: the author's writing; only ``true`` and ``false`` are spelled as the service does."""
    return _BOOLEANS.get(node.text.lower(), node.text) if node.kind is Kind.BOOLEAN else node.text


def default_text(node: Scalar, port: PortType) -> str | None:
    """A declared default in the form that the command gets, or None where it is no value of the type ``port``."""
    match port:
        case PortType.STRING:
            return None if node.kind is Kind.NULL else _string(node)
        case PortType.BOOLEAN:
            if node.kind is Kind.BOOLEAN:
                return "True" if node.text.lower() in _TRUE else "False"
            return _BOOLEANS.get(node.text.strip().lower())
        case PortType.INTEGER:
            number = whole_number(node)
            return None if number is None else str(number)
        case PortType.NUMBER:
            value = real_number(node)
            return None if value is None else repr(value)
    return None


def whole_number(node: Scalar) -> int | None:
    """The integer that is written there, quoted or not, ``3.0`` too; None: it is none."""
    if node.kind in (Kind.BOOLEAN, Kind.NULL, Kind.DATE) or len(node.text) > _LONGEST:
        return None
    text = node.text.strip()
    try:
        if node.kind is Kind.INTEGER and not _DECIMAL.fullmatch(text):
            return _yaml_integer(text.replace("_", ""))
        return int(text)
    except ValueError:
        pass
    value = real_number(node)
    return int(value) if value is not None and value.is_integer() else None


def real_number(node: Scalar) -> float | None:
    """The number that is written there, quoted or not; None: it is none."""
    if node.kind in (Kind.BOOLEAN, Kind.NULL, Kind.DATE) or len(node.text) > _LONGEST:
        return None
    text = node.text.strip().replace("_", "").lower()
    if text.lstrip("+-") in (".inf", ".nan"):
        text = text.replace(".", "")
    try:
        if node.kind is Kind.INTEGER and not _DECIMAL.fullmatch(node.text):
            return float(_yaml_integer(text))
        if node.kind is Kind.NUMBER and ":" in text:
            return _sixties(text)
        return float(text)
    except (ValueError, OverflowError):
        return None


def _yaml_integer(text: str) -> int:
    """YAML 1.1's other spellings: octal ``007``, ``0x1f``, ``0b1``, base sixty ``1:30``."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").lower()
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    if ":" in digits:
        return sign * int(_sixties(digits))
    return sign * int(digits, 8) if digits.startswith("0") and digits != "0" else sign * int(digits)


def _sixties(text: str) -> float:
    sign = -1 if text.startswith("-") else 1
    total = 0.0
    for part in text.lstrip("+-").split(":"):
        total = total * 60 + float(part)
    return sign * total
