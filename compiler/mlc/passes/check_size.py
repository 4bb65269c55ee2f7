"""A pipeline has steps, and not absurdly many: sharing lets a small file describe more steps than there are atoms."""

from dataclasses import replace

from mlc.ir.pipeline import Pipeline, PipelineNode
from mlc.passes.context import Context
from mlc.passes.levels import levels

DEPTH = 100
"""How deep pipelines may be nested; the limit of the reference."""
STEPS = 20_000
"""How many steps a flattened pipeline may have: far above what any engine takes, far below what memory takes."""


def check_size(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report empty, endlessly deep and exploding pipelines; of the last two only the shell goes on to later passes."""
    for level in levels(pipeline):
        if not level.nodes and not context.bag.has_errors:
            context.bag.add("E310", level.span, f"The pipeline {level.name!r} has no steps", fix="Add at least one job")
    deepest, steps = _measure(pipeline)
    if deepest > DEPTH:
        what = f"The pipeline {pipeline.name!r} is nested more than {DEPTH} levels deep"
        fix = "Flatten it: call the inner pipelines from one level"
        context.bag.add("E311", pipeline.span, what, fix=fix)
    elif steps > STEPS:
        what = f"The pipeline {pipeline.name!r} has more than {STEPS} steps once nested pipelines are flattened"
        context.bag.add("E312", pipeline.span, what, fix="Split it, or loop over the data inside of a step")
    else:
        return pipeline
    return replace(pipeline, nodes=(), outputs=())


def _measure(pipeline: Pipeline) -> tuple[int, int]:
    """Depth (1 for a flat pipeline) and number of steps; both are cut off just above their limits."""
    sizes: dict[int, tuple[int, int]] = {}
    stack = [(pipeline, False)]
    while stack:
        level, left = stack.pop()
        if id(level) in sizes:
            continue
        inner = [node.pipeline for node in level.nodes if isinstance(node, PipelineNode)]
        if not left:
            stack.append((level, True))
            stack += [(below, False) for below in inner if id(below) not in sizes]
            continue
        below = [sizes[id(nested)] for nested in inner]
        depth = 1 + max((depth for depth, _ in below), default=0)
        steps = len(level.nodes) - len(inner) + sum(count for _, count in below)
        sizes[id(level)] = min(depth, DEPTH + 1), min(steps, STEPS + 1)
    return sizes[id(pipeline)]
