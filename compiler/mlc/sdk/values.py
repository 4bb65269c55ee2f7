"""Python values as the text that a command gets, and the words of types and modes."""

from collections.abc import Iterable
from enum import Enum

from mlc.diagnostics import Span
from mlc.ir.types import Mode, PortType
from mlc.sdk.session import session

TYPE_OF: dict[type, PortType] = {
    bool: PortType.BOOLEAN,
    int: PortType.INTEGER,
    float: PortType.NUMBER,
    str: PortType.STRING,
}
"""Python's own types and the parameter types that stand for them."""


def nearest(name: str, known: Iterable[str]) -> str:
    """``Did you mean 'x'`` for the known name nearest to ``name``, else ''."""
    import difflib

    found = difflib.get_close_matches(str(name), [str(item) for item in known], 1, 0.6)
    return f"Did you mean {found[0]!r}?" if found else ""


def kind_of(value: object) -> str:
    """What a value is, with its article: ``a list``, ``an int``, ``None``."""
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def literal(value: object) -> tuple[PortType, str] | None:
    """Type and text of a plain value: ``True``, ``3``, ``repr`` of floats, strings verbatim; None if it is not plain.

    Subclasses count as what they are built on, so that numpy's ``float64`` gives ``0.1`` and not its own repr.
    """
    if isinstance(value, Enum):
        return literal(value.value)
    if isinstance(value, bool):
        return PortType.BOOLEAN, str(value)
    if isinstance(value, int):
        return PortType.INTEGER, int.__repr__(value)
    if isinstance(value, float):
        return PortType.NUMBER, float.__repr__(value)
    if isinstance(value, str):
        return PortType.STRING, str.__str__(value)
    return None


def default_text(type_: PortType, value: object) -> str | None:
    """A declared default as its type has it (``10`` of a number is ``10.0``); None if it does not fit."""
    found = literal(value)
    if found is None:
        return None
    own, text = found
    match type_:
        case PortType.NUMBER:
            return _number(text) if own is not PortType.BOOLEAN else None
        case PortType.INTEGER:
            number = _number(text) if own is not PortType.BOOLEAN else None
            whole = number is not None and number.removesuffix(".0").lstrip("-").isdigit()
            if own is PortType.INTEGER or not whole:
                return text if own is PortType.INTEGER else None
            return str(int(float(text))) if own is PortType.NUMBER else str(int(text))
        case PortType.BOOLEAN:
            word = text.lower()
            return word.capitalize() if word in {"true", "false"} else None
        case PortType.STRING:
            return text
        case _:
            return None


def _number(text: str) -> str | None:
    try:
        return repr(float(text))
    except ValueError:
        return None


def known_type(word: object) -> PortType | None:
    """The type that ``word`` names; None: it names none (which is said where the port is made)."""
    text = str(getattr(word, "value", word))
    return PortType(text) if text in set(PortType) else None


def port_type(word: object, span: Span, where: str) -> PortType | None:
    """The type that ``word`` names; None: it is none, which is reported."""
    text = str(getattr(word, "value", word))
    if text == "path":
        return PortType.URI_FOLDER
    try:
        return PortType(text)
    except ValueError:
        fix = nearest(text, PortType) or f"Types are {', '.join(PortType)}"
        session().report("E208", f"{where} has the unknown type {text!r}", fix=fix, span=span)
        return None


def mode(word: object, span: Span, where: str) -> Mode | None:
    """The mode that ``word`` names, if any; an unknown one is reported."""
    if word is None or word == "":
        return None
    text = str(getattr(word, "value", word))
    try:
        return Mode(text)
    except ValueError:
        fix = nearest(text, Mode) or f"Modes are {', '.join(Mode)}"
        session().report("E208", f"{where} has the unknown mode {text!r}", fix=fix, span=span)
        return None
