"""Where in a YAML file a piece of a scalar stands: YAML gives the place of a scalar's beginning only.

The piece is looked for in the file's own text, from the scalar's beginning on, one after another in reading order. In
plain, quoted and block scalars alike a placeholder stands there as it is, unless an escape or a line break is in it.
"""

from bisect import bisect_right
from collections.abc import Callable

from mlc.diagnostics import Bag, Span

LONGEST = 100_000
"""Characters from the scalar's beginning on in which a piece is looked for."""


def keep(file: str, text: str, bag: Bag) -> None:
    """Remember the text of a YAML file that was read in this run."""
    bag.memo["text", file] = text


def finder(span: Span, bag: Bag) -> Callable[[str], Span]:
    """A function that gives the place of the next piece of the scalar at ``span``; ``span`` where it is not found."""
    at = -1

    def find(piece: str) -> Span:
        nonlocal at
        text = bag.memo.get(("text", span.file), "")
        starts = _line_starts(span.file, text, bag) if text else []
        if not 0 < span.line <= len(starts):
            return span
        begin = at if at >= 0 else starts[span.line - 1] + span.column - 1
        found = text.find(piece, begin, begin + LONGEST)
        if found < 0:
            return span
        at = found + len(piece)
        line = bisect_right(starts, found)
        return Span(span.file, line, found - starts[line - 1] + 1)

    return find


def _line_starts(file: str, text: str, bag: Bag) -> list[int]:
    key = ("lines", file)
    if key not in bag.memo:
        starts, at = [0], text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        bag.memo[key] = starts
    found: list[int] = bag.memo[key]
    return found
