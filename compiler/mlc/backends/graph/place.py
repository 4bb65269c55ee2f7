"""Coordinates: nodes stand below what they take from and above what they give to, as near as the row allows."""

from mlc.backends.graph.layers import Bend, Layers, Place
from mlc.render import prepared

GAP = 36
"""Least free space between two neighbours in a row, in pixels."""
BEND_WIDTH = 4
ROUNDS = 8
STRAIGHT = 8.0
"""How much more a bend insists on its place than a node does: long edges become straight lines."""


@prepared
class _Block:
    """Neighbours in a row that push each other: their common place and the weight of their wishes."""

    at: float
    weight: float
    count: int


def centres(layers: Layers, widths: dict[str, int]) -> dict[Place, float]:
    """The horizontal middle of every place; the leftmost edge of all is 0."""
    above, below = layers.neighbours()
    at: dict[Place, float] = {}
    for row in layers.rows:
        at |= _row(row, {}, widths)
    for turn in range(ROUNDS):
        down = turn % 2 == 0
        neighbours = above if down else below
        for row in layers.rows if down else reversed(layers.rows):
            wishes = {place: _wish(place, neighbours, at) for place in row}
            at |= _row(row, wishes, widths)
    left = min((x - _width(place, widths) / 2 for place, x in at.items()), default=0.0)
    return {place: x - left for place, x in at.items()}


def _wish(place: Place, neighbours: dict[Place, list[Place]], at: dict[Place, float]) -> float:
    others = neighbours.get(place)
    return sum(at[other] for other in others) / len(others) if others else at[place]


def _row(row: list[Place], wishes: dict[Place, float], widths: dict[str, int]) -> dict[Place, float]:
    """Places in their order, free of overlap, with the least sum of squared distances from their wishes.

    Without the gaps this is isotonic regression: neighbours in the wrong order are merged into blocks at their mean.
    """
    offsets: list[float] = []
    offset = 0.0
    for number, place in enumerate(row):
        if number:
            offset += (_width(row[number - 1], widths) + _width(place, widths)) / 2 + GAP
        offsets.append(offset)
    blocks: list[_Block] = []
    for place, shift in zip(row, offsets, strict=True):
        weight = STRAIGHT if isinstance(place, Bend) else 1.0
        block = _Block(at=wishes.get(place, shift) - shift, weight=weight, count=1)
        while blocks and blocks[-1].at > block.at:
            block = _merged(blocks.pop(), block)
        blocks.append(block)
    starts = [block.at for block in blocks for _ in range(block.count)]
    return {place: start + shift for place, start, shift in zip(row, starts, offsets, strict=True)}


def _merged(one: _Block, two: _Block) -> _Block:
    weight = one.weight + two.weight
    at = (one.at * one.weight + two.at * two.weight) / weight
    return _Block(at=at, weight=weight, count=one.count + two.count)


def _width(place: Place, widths: dict[str, int]) -> int:
    return BEND_WIDTH if isinstance(place, Bend) else widths[place]
