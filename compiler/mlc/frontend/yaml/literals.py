"""YAML scalars as the text that a command gets, depending on the type of the port that they are for.

YAML 1.1 takes ``007``, ``1_000``, ``12:30`` and ``on`` for numbers and booleans. A text port gets what the author
wrote; other ports get the value, spelled as the service spells it: ``True``, ``3``, ``1e-05``. So do inputs whose type
nobody has declared, as in the reference. Where that may surprise, :func:`surprise` says so.
"""

import math
import re

from mlc.diagnostics import Bag
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
            return node.text if number is None else str(number)
        case Kind.NUMBER:
            value = real_number(node)
            return node.text if value is None else repr(value)
    return node.text


def _string(node: Scalar) -> str:
    """For a text port: the author's writing; only ``true`` and ``false`` are spelled as the service does."""
    return _BOOLEANS.get(node.text.lower(), node.text) if node.kind is Kind.BOOLEAN else node.text


def surprise(node: Scalar, port: PortType | None) -> str:
    """What YAML 1.1 makes of a value that most likely was meant as text; '' where it is what it looks like."""
    text = node.text.lstrip("+-")
    match node.kind:
        case Kind.BOOLEAN if port is PortType.STRING and text.lower() not in _BOOLEANS:
            return "True" if text.lower() in _TRUE else "False"
        case Kind.INTEGER if port is PortType.STRING or ":" in text or (text[0] == "0" and text.isdecimal()):
            number = whole_number(node)
            return "" if number is None or str(number).lstrip("-") == text else str(number)
        case Kind.NUMBER if port is PortType.STRING or ":" in text:
            value = real_number(node)
            return "" if value is None or repr(value).lstrip("-") == text else repr(value)
    return ""


def warn_of(node: Scalar, read: str, port: PortType | None, of: tuple[str, Bag]) -> None:
    """Warn of a :func:`surprise`; ``of``: what the value is for, and where to say it."""
    subject, bag = of
    what = f"{subject[:1].upper()}{subject[1:]} is {node.text}, which YAML reads as {read}"
    gets = f"The command gets {node.text}, where the Azure ML SDK hands over {read}"
    why = gets if port is PortType.STRING else f"The command gets {read}"
    bag.add("W104", node.span, what, why=why, fix=f"Write '{node.text}' in quotes if text is meant")


def unfit(node: Scalar) -> str:
    """Why the reference takes a value for no input at all; '' for the usual ones."""
    if node.kind is Kind.DATE:
        return "YAML reads it as a date, which no input takes"
    if node.kind is Kind.NUMBER and len(node.text) <= _LONGEST and real_number(node) is None:
        return "Infinity and not-a-number are values of no input"
    return ""


def default_text(node: Scalar, port: PortType) -> str | None:
    """A declared default in the form that the command gets, or None where it is no value of the type ``port``."""
    match port:
        case PortType.STRING:
            return None if node.kind is Kind.NULL or unfit(node) else _string(node)
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
    """The finite number that is written there, quoted or not; None: it is none."""
    if node.kind in (Kind.BOOLEAN, Kind.NULL, Kind.DATE) or len(node.text) > _LONGEST:
        return None
    text = node.text.strip().lower()
    text = text if node.kind is Kind.STRING else text.replace("_", "")
    try:
        if node.kind is Kind.INTEGER and not _DECIMAL.fullmatch(node.text):
            value = float(_yaml_integer(text))
        elif node.kind is Kind.NUMBER and ":" in text:
            value = _sixties(text)
        else:
            value = float(text)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


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
