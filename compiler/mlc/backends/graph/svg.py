"""The picture of a plan, as SVG: rows from top to bottom, made without any tool, the same bytes every time."""

import unicodedata
from itertools import pairwise
from typing import ClassVar

from mlc.backends.graph.labels import Piece, Point, label_places
from mlc.backends.graph.layers import Layers, Place, layers_of
from mlc.backends.graph.model import Graph, Kind, Node, graph_of
from mlc.backends.graph.place import centres
from mlc.ir.plan import Plan
from mlc.render import prepared, render

MARGIN = 24
ROW_GAP = 72
HEIGHTS = {Kind.INPUT: 30, Kind.STEP: 52, Kind.OUTPUT: 30}
LONGEST = 32
"""Characters of a title that are shown; the rest is in the tooltip."""


@prepared
class Text:
    """A line of text, its middle at ``x``."""

    x: int
    y: int
    text: str


@prepared
class Box:
    """A node: its rectangle, its lines, its badge at the upper right corner."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    radius: int
    tooltip: str
    title: Text
    subtitle: Text | None
    badge: "Badge | None"
    many: "Badge | None"
    """Set where the step stands for many runs: a second box looks out behind it."""


@prepared
class Badge:
    """A small pill on a box's corner."""

    x: int
    y: int
    width: int
    label: Text


@prepared
class Line:
    """An edge: its path, and its label where it has one. ``kind`` is ``data`` or ``order``."""

    kind: str
    path: str
    label: Text | None


@prepared
class Picture:
    """The whole file."""

    TEMPLATE: ClassVar[str] = "graph/graph.svg.j2"
    width: int
    height: int
    title: str
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]


@prepared
class _Layout:
    graph: Graph
    layers: Layers
    x: dict[Place, float]
    widths: dict[str, int]
    tops: tuple[int, ...]
    """Of each row; one more for the end of the last."""
    heights: tuple[int, ...]
    rows: dict[Place, int]
    kinds: dict[str, Kind]


def svg(plan: Plan) -> str:
    """The text of the picture."""
    layout = _layout(graph_of(plan))
    boxes = tuple(_box(layout, node) for node in layout.graph.nodes)
    width = max((box.x + box.width for box in boxes), default=0)
    return render(
        Picture(
            width=width + MARGIN,
            height=layout.tops[-1] - ROW_GAP + MARGIN if boxes else 2 * MARGIN,
            title=plan.display_name or plan.name,
            lines=_lines(layout),
            boxes=boxes,
        )
    )


def _layout(graph: Graph) -> _Layout:
    layers = layers_of(graph)
    kinds = {node.id: node.kind for node in graph.nodes}
    widths = {node.id: _box_width(node) for node in graph.nodes}
    heights = tuple(
        max((HEIGHTS[kinds[place]] for place in row if isinstance(place, str)), default=30) for row in layers.rows
    )
    tops = [MARGIN]
    for height in heights:
        tops.append(tops[-1] + height + ROW_GAP)
    return _Layout(
        graph=graph,
        layers=layers,
        x={place: x + MARGIN for place, x in centres(layers, widths).items()},
        widths=widths,
        tops=tuple(tops),
        heights=heights,
        rows={place: number for number, row in enumerate(layers.rows) for place in row},
        kinds=kinds,
    )


def _box(layout: _Layout, node: Node) -> Box:
    width, height = layout.widths[node.id], HEIGHTS[node.kind]
    x, y = round(layout.x[node.id]), _top(layout, node.id)
    low = y + height // 2 + 5
    subtitle = Text(x=x, y=low + 11, text=_short(node.subtitle)) if node.subtitle else None
    return Box(
        kind=node.kind,
        x=x - width // 2,
        y=y,
        width=width,
        height=height,
        radius=8 if node.kind is Kind.STEP else height // 2,
        tooltip=f"{node.title}: {node.subtitle}" if node.subtitle else node.title,
        title=Text(x=x, y=low - 8 if subtitle else low, text=_short(node.title)),
        subtitle=subtitle,
        badge=_badge(node.badge, x + width // 2, y) if node.badge else None,
        many=_many(node.many, x - width // 2, y) if node.many else None,
    )


def _badge(label: str, right: int, top: int) -> Badge:
    width = _text_width(label, 7) + 12
    x = right - width + 8
    return Badge(x=x, y=top - 9, width=width, label=Text(x=x + width // 2, y=top + 4, text=label))


def _many(label: str, left: int, top: int) -> Badge:
    width = _text_width(label, 7) + 12
    return Badge(x=left - 8, y=top - 9, width=width, label=Text(x=left - 8 + width // 2, y=top + 4, text=label))


def _lines(layout: _Layout) -> tuple[Line, ...]:
    starts, stops = _ends(layout, outgoing=True), _ends(layout, outgoing=False)
    edges = layout.graph.edges
    ways: list[list[Point]] = []
    for number, edge in enumerate(edges):
        points = [(starts[number], _bottom(layout, edge.source))]
        for bend in layout.layers.chains[number][1:-1]:
            row, x = layout.rows[bend], round(layout.x[bend])
            points += [(x, layout.tops[row]), (x, layout.tops[row] + layout.heights[row])]
        ways.append([*points, (stops[number], _top(layout, edge.target))])
    texts = [_short(", ".join(edge.labels)) for edge in edges]
    places = label_places(
        Piece(edge=number, start=ways[number][-2], end=ways[number][-1], width=_text_width(text, 7))
        for number, text in enumerate(texts)
        if text
    )
    return tuple(
        Line(
            kind="data" if edge.labels else "order",
            path=_path(ways[number]),
            label=Text(x=places[number][0], y=places[number][1] + 4, text=texts[number]) if edge.labels else None,
        )
        for number, edge in enumerate(edges)
    )


def _ends(layout: _Layout, *, outgoing: bool) -> list[int]:
    """Where each edge leaves its source, or reaches its target: side by side, in the order of where they lead."""
    chains = layout.layers.chains
    found = [0] * len(chains)
    at: dict[str, list[int]] = {}
    for number, edge in enumerate(layout.graph.edges):
        at.setdefault(edge.source if outgoing else edge.target, []).append(number)
    for node, numbers in at.items():
        numbers.sort(key=lambda number: layout.x[chains[number][1 if outgoing else -2]])
        step = min(28.0, layout.widths[node] * 0.7 / len(numbers))
        for place, number in enumerate(numbers):
            found[number] = round(layout.x[node] + (place - (len(numbers) - 1) / 2) * step)
    return found


def _path(points: list[Point]) -> str:
    """Curves that leave and arrive vertically; straight between the two points of a bend."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        if x == to_x or number % 2:
            parts.append(f"L{to_x} {to_y}")
        else:
            middle = (y + to_y) // 2
            parts.append(f"C{x} {middle} {to_x} {middle} {to_x} {to_y}")
    return "".join(parts)


def _top(layout: _Layout, node: str) -> int:
    row = layout.rows[node]
    return layout.tops[row] + (layout.heights[row] - HEIGHTS[layout.kinds[node]]) // 2


def _bottom(layout: _Layout, node: str) -> int:
    return _top(layout, node) + HEIGHTS[layout.kinds[node]]


def _box_width(node: Node) -> int:
    return max(_text_width(_short(node.title), 8), _text_width(_short(node.subtitle), 7), _badges(node), 48) + 32


def _badges(node: Node) -> int:
    """What badges at both corners need; they may stand out a little."""
    return _text_width(node.many + node.badge, 7) if node.many else 0


def _text_width(text: str, character: int) -> int:
    """A guess that is rather too wide: pictures are read with other fonts than ours."""
    return sum(character * (2 if unicodedata.east_asian_width(char) in "WF" else 1) for char in text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
