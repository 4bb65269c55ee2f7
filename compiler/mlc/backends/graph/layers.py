"""Layers: which row each node of a graph is in, and where it stands in the row, so that few edges cross.

Edges over several rows are led through a place in each row between (a :class:`Bend`), as long as there are not too
many of them; after that they are drawn straight.
"""

from dataclasses import field
from itertools import pairwise
from typing import NamedTuple

from mlc.backends.graph.model import Edge, Graph, Kind
from mlc.records import dataclass

SWEEPS = 6
"""Rounds of sorting rows by the mean place of their neighbours; more change little."""
BENDS_PER_NODE = 6
"""Limits the work and the size of a picture whose edges are long."""


class Bend(NamedTuple):
    """Where an edge passes a row."""

    edge: int
    row: int


Place = str | Bend
"""What stands in a row: a node's id, or a bend."""


@dataclass(slots=True)
class Layers:
    """``rows``: places from left to right. ``chains``: the places of each edge, from its source to its target."""

    rows: list[list[Place]] = field(default_factory=list)
    chains: list[list[Place]] = field(default_factory=list)

    def neighbours(self) -> tuple[dict[Place, list[Place]], dict[Place, list[Place]]]:
        """For each place, what it is connected to in the rows above, and below."""
        above: dict[Place, list[Place]] = {}
        below: dict[Place, list[Place]] = {}
        for chain in self.chains:
            for upper, lower in pairwise(chain):
                below.setdefault(upper, []).append(lower)
                above.setdefault(lower, []).append(upper)
        return above, below


def layers_of(graph: Graph) -> Layers:
    """Assign rows, bend long edges, then sort the rows."""
    row_of = _rows(graph)
    layers = Layers(rows=[[] for _ in range(max(row_of.values(), default=-1) + 1)])
    for node in graph.nodes:
        layers.rows[row_of[node.id]].append(node.id)
    budget = BENDS_PER_NODE * len(graph.nodes)
    for number, edge in enumerate(graph.edges):
        between = range(row_of[edge.source] + 1, row_of[edge.target])
        bends: list[Place] = [Bend(number, row) for row in between] if len(between) <= budget else []
        budget -= len(bends)
        for row, bend in zip(between, bends, strict=False):
            layers.rows[row].append(bend)
        layers.chains.append([edge.source, *bends, edge.target])
    _sort(layers)
    return layers


def _rows(graph: Graph) -> dict[str, int]:
    """Steps as high as their producers allow; inputs just above the first that takes them."""
    inputs = {node.id for node in graph.nodes if node.kind is Kind.INPUT}
    into: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge)
    rows: dict[str, int] = {}
    for node in graph.nodes:
        if node.id not in inputs:
            producers = [rows[edge.source] + 1 for edge in into.get(node.id, []) if edge.source not in inputs]
            rows[node.id] = max(producers, default=1 if inputs else 0)
    for edge in graph.edges:
        if edge.source in inputs:
            rows[edge.source] = min(rows.get(edge.source, rows[edge.target] - 1), rows[edge.target] - 1)
    return rows


def _sort(layers: Layers) -> None:
    above, below = layers.neighbours()
    position = {place: number for row in layers.rows for number, place in enumerate(row)}
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = above if down else below
        for row in layers.rows if down else reversed(layers.rows):
            wish = {
                place: _mean([position[other] for other in neighbours.get(place, [])], position[place]) for place in row
            }
            row.sort(key=wish.__getitem__)
            position |= {place: number for number, place in enumerate(row)}


def _mean(values: list[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
