"""Walks over nested pipelines: every distinct pipeline and component once, however many nodes share it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from mlc.ir.component import Component
from mlc.ir.pipeline import CommandNode, Node, Pipeline, PipelineNode


def levels(pipeline: Pipeline) -> Iterator[Pipeline]:
    """``pipeline`` and every pipeline nested in it, outer first; a shared object comes once. Depth does not matter."""
    seen = {id(pipeline)}
    waiting = [pipeline]
    for level in waiting:
        yield level
        for node in level.nodes:
            if isinstance(node, PipelineNode) and id(node.pipeline) not in seen:
                seen.add(id(node.pipeline))
                waiting.append(node.pipeline)


def components(pipeline: Pipeline) -> Iterator[tuple[Component, CommandNode]]:
    """Every distinct component of all levels, with the first node that uses it."""
    seen: set[int] = set()
    for level in levels(pipeline):
        for node in level.nodes:
            if isinstance(node, CommandNode) and id(node.component) not in seen:
                seen.add(id(node.component))
                yield node.component, node


def rewrite(pipeline: Pipeline, change: Callable[[Pipeline], Pipeline]) -> Pipeline:
    """``pipeline`` with ``change`` applied to every distinct level, innermost first; what is unchanged stays shared."""
    done: dict[int, Pipeline] = {}
    for level in reversed(list(_inner_last(pipeline))):
        nodes = tuple(_with_inner(node, done) for node in level.nodes)
        same = all(new is old for new, old in zip(nodes, level.nodes, strict=True))
        done[id(level)] = change(level if same else replace(level, nodes=nodes))
    return done[id(pipeline)]


def _with_inner(node: Node, done: dict[int, Pipeline]) -> Node:
    if not isinstance(node, PipelineNode) or done[id(node.pipeline)] is node.pipeline:
        return node
    return replace(node, pipeline=done[id(node.pipeline)])


def _inner_last(pipeline: Pipeline) -> list[Pipeline]:
    """Every distinct level after all levels that hold it (reverse post-order, without recursion)."""
    order: list[Pipeline] = []
    seen: set[int] = set()
    stack: list[tuple[Pipeline, bool]] = [(pipeline, False)]
    while stack:
        level, left = stack.pop()
        if left:
            order.append(level)
        elif id(level) not in seen:
            seen.add(id(level))
            stack.append((level, True))
            stack += [
                (node.pipeline, False)
                for node in level.nodes
                if isinstance(node, PipelineNode) and id(node.pipeline) not in seen
            ]
    return order[::-1]
