"""The normal form of an ``ir.Pipeline``: the same JSON that ``dump_reference.py`` makes of the reference's job."""

from typing import Any

from mlc.ir.component import Component
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    Pipeline,
    PipelineInput,
    PipelineInputRef,
    PipelineNode,
    UnsupportedNode,
    Value,
)
from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text


def normal_form(pipeline: Pipeline) -> dict[str, Any]:
    """A top-level pipeline."""
    settings = pipeline.settings
    said = {
        "default_compute": settings.default_compute,
        "continue_on_step_failure": settings.continue_on_step_failure or None,
        "force_rerun": settings.force_rerun or None,
    }
    inputs = {name: value for item in pipeline.inputs for name, value in [_input(item)] if value["value"] is not None}
    return _level(pipeline, inputs) | {
        "display_name": pipeline.display_name,
        "experiment_name": pipeline.experiment_name,
        "settings": {key: value for key, value in said.items() if value is not None},
    }


def _level(pipeline: Pipeline, inputs: dict[str, Any]) -> dict[str, Any]:
    outputs = sorted(output.name for output in pipeline.outputs)
    return {"inputs": inputs, "outputs": outputs, "nodes": [_node(node) for node in pipeline.nodes]}


def _input(item: PipelineInput) -> tuple[str, dict[str, Any]]:
    match item.value:
        case Data():
            return item.port.name, {"type": item.value.type.replace("_", ""), "value": item.value.uri}
        case Literal():
            return item.port.name, {"type": "literal", "value": item.value.text}
    return item.port.name, {"type": "literal", "value": item.port.default}


def _node(node: Node) -> dict[str, Any]:
    assert not isinstance(node, UnsupportedNode)
    nested = isinstance(node, PipelineNode)
    found: dict[str, Any] = {
        "name": node.name,
        "type": "pipeline" if nested else "command",
        "component": node.pipeline.name if isinstance(node, PipelineNode) else node.component.name,
        "inputs": {binding.name: _text(binding.value) for binding in node.inputs},
        "outputs": {},
    }
    for binding in node.outputs:
        entry: dict[str, str] = {}
        if binding.promoted_to:
            entry["value"] = f"${{{{parent.outputs.{binding.promoted_to[-1]}}}}}"
        if binding.mode:
            entry["mode"] = str(binding.mode)
        if entry:
            found["outputs"][binding.name] = entry
    match node:
        case PipelineNode():
            ports = {item.port.name: {"type": str(item.port.type), "value": None} for item in node.pipeline.inputs}
            found["pipeline"] = _level(node.pipeline, ports)
        case CommandNode():
            found["spec"] = _spec(node.component)
            found["compute"] = node.compute
            found["timeout"] = node.timeout
            found["environment_variables"] = dict(node.environment_variables)
    return found


def _spec(component: Component) -> dict[str, Any]:
    return {
        "command": _command(component.command),
        "inputs": [
            {
                "name": port.name,
                "type": str(port.type),
                "optional": port.optional,
                "default": port.default,
                "enum": list(port.enum),
            }
            for port in component.inputs
        ],
        "outputs": [{"name": port.name, "type": str(port.type)} for port in component.outputs],
        "is_deterministic": component.is_deterministic,
    }


def _command(template: Template) -> str:
    text = ""
    for part in template:
        match part:
            case Text():
                text += part.text
            case InputRef():
                text += f"${{{{inputs.{part.name}}}}}"
            case OutputRef():
                text += f"${{{{outputs.{part.name}}}}}"
            case Bracket():
                text += f"$[[{_command(part.parts)}]]"
    return text


def _text(value: Value) -> str:
    match value:
        case Data():
            return " ".join([str(value.type), value.uri, *([str(value.mode)] if value.mode else [])])
        case Joined():
            return "".join(map(_text, value.parts))
        case Literal():
            return value.text
        case PipelineInputRef():
            text = f"${{{{parent.inputs.{value.name}}}}}"
        case NodeOutputRef():
            text = f"${{{{parent.jobs.{value.node}.outputs.{value.output}}}}}"
        case NodeInputRef():
            text = f"${{{{parent.jobs.{value.node}.inputs.{value.input}}}}}"
    return text + (f" [{value.mode}]" if value.mode else "")
