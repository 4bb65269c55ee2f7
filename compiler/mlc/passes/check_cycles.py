"""Jobs that wait for each other would wait forever."""

from mlc.diagnostics import Span
from mlc.ir.pipeline import NodeOutputRef, Pipeline
from mlc.passes.check_references import parts
from mlc.passes.context import Context
from mlc.passes.levels import levels


def check_cycles(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report every independent cycle once, with the whole way round, at the reference that a job of it makes."""
    for level in levels(pipeline):
        graph = _needs(level)
        _prune(graph)
        for cycle in _cycles(graph):
            _report(cycle, graph, level, context)
    return pipeline


Graph = dict[str, dict[str, Span]]
"""Job -> the jobs whose outputs it takes, each with the place where it says so."""


def _needs(level: Pipeline) -> Graph:
    graph: Graph = {node.name: {} for node in level.nodes}
    for node in level.nodes:
        for binding in node.inputs:
            for part in parts(binding.value):
                if isinstance(part, NodeOutputRef) and part.node in graph:
                    span = part.span if part.span.line else binding.span
                    graph[node.name].setdefault(part.node, span)
    return graph


def _prune(graph: Graph) -> None:
    """Take away, again and again, the jobs that wait for none: what is left leads into cycles."""
    users: dict[str, list[str]] = {name: [] for name in graph}
    for name, needs in graph.items():
        for need in needs:
            users[need].append(name)
    left = {name: len(needs) for name, needs in graph.items()}
    free = [name for name, count in left.items() if not count]
    for name in free:
        del graph[name]
        for user in users[name]:
            left[user] -= 1
            if not left[user]:
                free.append(user)


def _cycles(graph: Graph) -> list[list[str]]:
    """Cycles that share no job, each starting with its first job in the author's order, in the way data flows."""
    order = {name: index for index, name in enumerate(graph)}
    found: list[list[str]] = []
    done: set[str] = set()
    for start in graph:
        trail: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in trail:
            trail[here] = None
            here = next((need for need in graph[here] if need in graph), None)
        if here is not None and here not in done:
            names = list(trail)
            cycle = names[names.index(here) :][::-1]
            first = min(range(len(cycle)), key=lambda index: order[cycle[index]])
            found.append(cycle[first:] + cycle[:first])
        done |= trail.keys()
    return found


def _report(cycle: list[str], graph: Graph, level: Pipeline, context: Context) -> None:
    span = graph[cycle[0]][cycle[-1]]
    if len(cycle) == 1:
        what = f"Job {cycle[0]!r} takes its own output: {cycle[0]} -> {cycle[0]}"
    else:
        what = f"The jobs of the pipeline {level.name!r} wait for each other: {' -> '.join([*cycle, cycle[0]])}"
    context.bag.add("E306", span, what, fix="Bind one of these inputs to something that is there before")
