"""Outputs: settings and bindings name outputs that exist; an output of a pipeline is made by exactly one job."""

from mlc.diagnostics import Span
from mlc.ir.pipeline import Node, NodeOutputRef, OutputBinding, Pipeline, PipelineNode, UnsupportedNode
from mlc.passes.check_references import output_names, parts
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest


def check_outputs(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report unknown outputs, pipeline outputs with two producers, and those with none."""
    made: dict[int, set[str]] = {}
    for level in reversed(list(levels(pipeline))):
        producers = _producers(level, context)
        made[id(level)] = set(producers)
        if any(isinstance(node, UnsupportedNode) for node in level.nodes):
            made[id(level)] |= {output.name for output in level.outputs}  # who knows what those would make
    for level in levels(pipeline):
        for node in level.nodes:
            _check_names(node, context)
        declared = {output.name for output in level.outputs}
        misspelt = made[id(level)] - declared  # reported already, and most likely one of those that nothing makes
        for output in level.outputs:
            if output.name not in made[id(level)] and not misspelt:
                what = f"Nothing makes the output {output.name!r} of the pipeline {level.name!r}"
                fix = f"Bind a job's output to it (${{{{parent.outputs.{output.name}}}}}), or remove it"
                context.bag.add("W301", output.span, what, fix=fix)
        _check_uses(level, made, context)
    return pipeline


def _producers(level: Pipeline, context: Context) -> dict[str, str]:
    producers: dict[str, str] = {}
    for node in level.nodes:
        for binding in node.outputs:
            for name in binding.promoted_to:
                maker = f"output {binding.name!r} of job {node.name!r}"
                other = producers.setdefault(name, maker)
                if other is not maker:
                    what = f"The output {name!r} of the pipeline {level.name!r} is made twice"
                    why = f"By the {other}, and by the {maker}"
                    context.bag.add("E322", binding.span, what, why=why, fix="Bind one of them to another output")
    return producers


def _check_names(node: Node, context: Context) -> None:
    known = output_names(node) if node.outputs else None
    if known is None:
        return
    for binding in node.outputs:
        if binding.name not in known:
            what = f"Job {node.name!r} has no output {binding.name!r}"
            why = _why(binding)
            context.bag.add("W303", binding.span, what, why=why, fix=nearest(binding.name, known, "outputs"))


def _why(binding: OutputBinding) -> str:
    if binding.promoted_to:
        return f"The pipeline's output {binding.promoted_to[0]!r} is not made by it"
    return "What is set for it has no effect"


def _check_uses(level: Pipeline, made: dict[int, set[str]], context: Context) -> None:
    """An output that a nested pipeline declares and never makes is an error once somebody wants it."""
    nested = {node.name: node for node in level.nodes if isinstance(node, PipelineNode)}
    if not nested:
        return
    for node in level.nodes:
        for binding in node.inputs:
            for part in parts(binding.value):
                if isinstance(part, NodeOutputRef) and part.node in nested:
                    span = part.span if part.span.line else binding.span
                    _check_made(nested[part.node], part.output, span, made, context)
    for inner in nested.values():
        for output in inner.outputs:
            if output.promoted_to:
                _check_made(inner, output.name, output.span, made, context)


def _check_made(node: PipelineNode, name: str, span: Span, made: dict[int, set[str]], context: Context) -> None:
    declared = any(output.name == name for output in node.pipeline.outputs)
    if declared and name not in made[id(node.pipeline)]:
        what = f"The output {name!r} of job {node.name!r} never comes"
        why = f"The pipeline {node.pipeline.name!r} declares it, but none of its jobs makes it"
        context.bag.add("E302", span, what, why=why, fix=f"Bind a job's output to it in {node.pipeline.name!r}")
