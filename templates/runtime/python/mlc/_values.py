"""Between the text of a command line and the values of Python, by the types of Azure ML."""

import enum

VALUES = ("string", "integer", "number", "boolean")
_WORDS = {"true": True, "1": True, "false": False, "0": False}


class Wrong(Exception):
    """What is wrong with a value, in words."""


def parse(text, type_):
    """The value that ``text`` stands for; paths stay text."""
    if type_ == "integer":
        return _integer(text)
    if type_ == "number":
        try:
            return float(text)
        except ValueError:
            raise Wrong("must be a number, not {!r}".format(text)) from None
    if type_ == "boolean":
        try:
            return _WORDS[text.strip().lower()]
        except KeyError:
            raise Wrong("must be true or false, not {!r}".format(text)) from None
    return text


def _integer(text):
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
        if value == int(value):
            return int(value)
    except (ValueError, OverflowError):
        pass
    raise Wrong("must be a whole number, not {!r}".format(text))


def check(value, text, declared):
    """Hold ``value`` against ``min``, ``max`` and ``enum``."""
    low, high = (_bound(declared, name) for name in ("min", "max"))
    if (low is not None and value < low) or (high is not None and value > high):
        limits = []
        if low is not None:
            limits.append("at least {}".format(low))
        if high is not None:
            limits.append("at most {}".format(high))
        raise Wrong("must be {}, not {}".format(" and ".join(limits), text))
    if declared.enum:
        allowed = [str(getattr(item, "value", item)) for item in declared.enum]
        if text not in allowed and str(value) not in allowed:
            raise Wrong("must be one of {}, not {!r}".format(", ".join(map(repr, allowed)), text))


def _bound(declared, name):
    bound = getattr(declared, name)
    if bound is None or declared.type not in ("integer", "number"):
        return None
    return float(bound) if isinstance(bound, str) else bound


def to_text(value, type_):
    """What a function returned, as the text that the next step gets."""
    if type_ in ("integer", "number") and isinstance(value, bool):
        value = int(value)
    if isinstance(value, enum.Enum):
        value = value.value
    text = str(value)
    parsed = parse(text, type_)
    return str(parsed) if type_ in ("integer", "boolean") else text
