"""``on_init`` and ``on_finalize`` name jobs that stand apart: containers run them first and last."""

from mlc.ir.pipeline import Node, NodeOutputRef, Pipeline
from mlc.passes.check_references import parts
from mlc.passes.context import Context
from mlc.passes.nearest import nearest


def check_lifecycle(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report jobs named there that do not exist, exchange data with others, or are all that there is."""
    settings = pipeline.settings
    named = {"on_init": settings.on_init, "on_finalize": settings.on_finalize}
    nodes = {node.name: node for node in pipeline.nodes}
    for setting, name in named.items():
        if name is None or not nodes:
            continue
        if name not in nodes:
            what = f"{setting} names the job {name!r}, which does not exist"
            context.bag.add("E332", pipeline.span, what, fix=nearest(name, nodes, "jobs"))
        elif not _stands_apart(nodes[name], pipeline):
            what = f"{setting} names the job {name!r}, which exchanges data with other jobs"
            fix = "Take its bindings to other jobs away, or order it by data alone"
            context.bag.add("E332", nodes[name].span, what, why="Such a job must stand apart", fix=fix)
    if nodes and set(nodes) <= set(named.values()):
        what = f"The pipeline {pipeline.name!r} has no jobs but those of on_init and on_finalize"
        context.bag.add("E332", pipeline.span, what, fix="Add the job that they are for")
    return pipeline


def _stands_apart(node: Node, pipeline: Pipeline) -> bool:
    return not any(
        isinstance(part, NodeOutputRef) and (part.node == node.name or other is node)
        for other in pipeline.nodes
        for binding in other.inputs
        for part in parts(binding.value)
    )
