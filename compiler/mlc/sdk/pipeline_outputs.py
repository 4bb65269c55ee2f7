"""What a pipeline function returns: a mapping of names to outputs of its own nodes, and what its annotation says."""

import inspect
from collections.abc import Callable
from typing import Any

from mlc.diagnostics import Span
from mlc.sdk.definition import Definition
from mlc.sdk.node import Node
from mlc.sdk.node_io import BROKEN, NodeOutputs
from mlc.sdk.ports import Input, Output
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import session
from mlc.sdk.values import kind_of

_FIX = 'Write return {"name": node.outputs.port}'


def outputs(returned: Any, function: Callable[..., Any], definition: Definition, span: Span) -> dict[str, NodeOutput]:
    """Output name -> output of a node; what is none is reported at the ``return``, or at ``span``."""
    place = definition.returned_at or span
    if hasattr(returned, "_mlc_group_fields_"):
        returned = {name: item for name, item in returned._mlc_group_fields_().items() if item is not None}
    if isinstance(returned, NodeOutputs):
        returned = dict(returned.items())
    if returned is None or returned is BROKEN or isinstance(returned, Node):
        returned = {}  # to the reference a node is an empty mapping
    if (module := getattr(returned, "_mlc_missing_", None)) is not None:
        what = f"What pipeline {definition.name!r} returns comes from {module}, which is not installed here"
        session().report("E206", what, fix="Install it beside mlc", span=place)
        return {}
    if not isinstance(returned, dict):
        what = f"Pipeline {definition.name!r} returns {_kind(returned)}"
        why = "It has to return a mapping of names to outputs of its nodes, or nothing"
        session().report("E214", what, why=why, fix=_FIX, span=place)
        return {}
    own = {node.number for node in definition.nodes.values()}
    found: dict[str, NodeOutput] = {}
    for name, output in returned.items():
        if output is BROKEN:
            continue
        if isinstance(output, NodeOutput) and isinstance(name, str) and output.node.number in own:
            found[name] = output
            continue
        what = f"Pipeline {definition.name!r} returns {_kind(output)} as {name!r}"
        session().report("E214", what, why="Only outputs of its own nodes can leave it", fix=_FIX, span=place)
    if len(found) == len(returned):
        _as_annotated(found, inspect.signature(function).return_annotation, definition, place)
    return found


def _as_annotated(found: dict[str, NodeOutput], annotation: Any, definition: Definition, place: Span) -> None:
    """Report outputs that differ from ``-> Output(type=...)`` or from the fields of a group."""
    if isinstance(annotation, Output):
        declared = {"output": str(annotation.type)}
    elif hasattr(annotation, "_mlc_group_"):
        fields = annotation._mlc_group_.items()
        declared = {name: str(item.type) for name, item in fields if isinstance(item, Input | Output)}
    else:
        return
    actual = {name: str(output.type or declared.get(name)) for name, output in found.items()}
    if actual != declared:
        said = ", ".join(f"{name}: {kind}" for name, kind in declared.items()) or "nothing"
        does = ", ".join(f"{name}: {kind}" for name, kind in actual.items()) or "nothing"
        what = f"Pipeline {definition.name!r} is annotated to return {said}, and returns {does}"
        session().report("E214", what, fix="Correct the annotation, or remove it", span=place)


def _kind(value: Any) -> str:
    if isinstance(value, Node):
        return "a node"
    if isinstance(value, NodeOutput):
        return "a single output"
    return "a parameter" if isinstance(value, PipelineInput) else kind_of(value)
