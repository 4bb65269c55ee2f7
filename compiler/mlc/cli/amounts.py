"""Sizes and ages as people type and read them: ``20GB``, ``30d``."""

import re

import click

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def size(number: int) -> str:
    """Bytes as ``812 B``, ``3.4 MB``, ``2.02 GB``: units of a thousand, as Docker prints them."""
    if number < 1000:
        return f"{number} B"
    for unit, factor in (("GB", 1000**3), ("MB", 1000**2)):
        if number >= factor:
            return f"{number / factor:.3g} {unit}" if number < 1000 * factor else f"{number / factor:.0f} {unit}"
    return f"{number / 1000:.3g} kB"


def age(seconds: float) -> str:
    """``5 min``, ``3 h``, ``12 days``: whole units, rounded down."""
    for word, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {'day' if word == 'days' and number == 1 else word}"
    return "now"


class Size(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """Bytes of ``20GB``, ``500M``, ``1.5GiB``."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes; a usage error for what is no size."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is not a size, such as 20GB or 500MB.", param, ctx)
        factor = 1024 ** "kmgt".index(found[2]) * 1024 if found[2] and found[3] else _UNITS[found[2]]
        return int(float(found[1]) * factor)


class Age(click.ParamType):  # type: ignore[type-arg]
    """Seconds of ``30d``, ``12h``, ``2w``."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds; a usage error for what is no age."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is not an age, such as 30d, 12h or 2w.", param, ctx)
        return float(found[1]) * _SECONDS[found[2]]
