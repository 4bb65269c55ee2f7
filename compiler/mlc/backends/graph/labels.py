"""Where the labels of edges stand: on the curve, at the first height at which no neighbour's label is in the way."""

from collections import deque
from collections.abc import Iterable

from mlc.render import prepared

HEIGHTS = (0.6, 0.4, 0.75, 0.25)
"""Parts of the way along the last piece of an edge, in the order in which they are tried."""
LINE_HEIGHT = 14
LOOK_BACK = 12
"""So many labels to the left are looked at; those further away are too far to be in the way."""

Point = tuple[int, int]


@prepared
class Piece:
    """The last piece of an edge, whose label is ``width`` pixels wide."""

    edge: int
    start: Point
    end: Point
    width: int


def label_places(pieces: Iterable[Piece]) -> dict[int, Point]:
    """The middle of each edge's label."""
    found: dict[int, Point] = {}
    rows: dict[int, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(piece.end[1] // 100, []).append(piece)
    for row in rows.values():
        recent: deque[tuple[Point, int]] = deque(maxlen=LOOK_BACK)
        for piece in sorted(row, key=lambda piece: (piece.start[0] + 2 * piece.end[0], piece.edge)):
            candidates = [_on_curve(piece, part) for part in HEIGHTS]
            free = [at for at in candidates if not any(_touch(at, piece.width, *other) for other in recent)]
            found[piece.edge] = (free or candidates)[0]
            recent.append((found[piece.edge], piece.width))
    return found


def _on_curve(piece: Piece, part: float) -> Point:
    """The point of a cubic curve that leaves and arrives vertically, with both handles at half height."""
    (x, y), (to_x, to_y) = piece.start, piece.end
    across = part * part * (3 - 2 * part)
    down = 1.5 * part * (1 - part) + part**3
    return round(x + (to_x - x) * across), round(y + (to_y - y) * down)


def _touch(at: Point, width: int, other: Point, other_width: int) -> bool:
    return abs(at[0] - other[0]) < (width + other_width) / 2 and abs(at[1] - other[1]) < LINE_HEIGHT
