"""What to say about a name that is not known: the nearest one, or which there are."""

from collections.abc import Iterable

SHOWN = 8
"""How many known names a message lists before it gives up."""


def nearest(word: str, known: Iterable[str], what: str) -> str:
    """``Did you mean 'data'?``, or a list of the known ``what`` (a plural: ``inputs``), or that there are none."""
    names = list(dict.fromkeys(known))
    if not names:
        return f"There are no {what} at all"
    lowered = {name.lower(): name for name in names}
    import difflib  # only for mistakes

    close = difflib.get_close_matches(word.lower(), list(lowered), n=1)
    if close:
        return f"Did you mean {lowered[close[0]]!r}?"
    more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"The {what} are: {', '.join(repr(name) for name in names[:SHOWN])}{more}"
