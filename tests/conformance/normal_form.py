"""The normal form of an ``ir.Pipeline``: the same JSON that ``dump_reference.py`` makes of the reference's job."""

from typing import Any

from mlc.ir.component import Component, InputPort
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    Pipeline,
    PipelineInput,
    PipelineInputRef,
    PipelineNode,
    PipelineOutput,
    UnsupportedNode,
    Value,
)
from mlc.ir.template import Bracket, InputRef, OutputRef, Template, Text


def normal_form(pipeline: Pipeline) -> dict[str, Any]:
    """A top-level pipeline."""
    settings = pipeline.settings
    said = {
        "default_compute": settings.default_compute,
        "default_datastore": settings.default_datastore,
        "continue_on_step_failure": settings.continue_on_step_failure or None,
        "force_rerun": settings.force_rerun or None,
    }
    inputs = {item.port.name: value for item in pipeline.inputs if (value := _given(item))["value"] is not None}
    outputs = {item.name: _where(_type(pipeline, item), item) for item in pipeline.outputs}
    return _level(pipeline, inputs, outputs) | {
        "display_name": pipeline.display_name,
        "description": pipeline.description.strip(),
        "experiment_name": pipeline.experiment_name,
        "tags": dict(pipeline.tags),
        "settings": {key: value for key, value in said.items() if value is not None},
    }


def _level(pipeline: Pipeline, inputs: dict[str, Any], outputs: Any) -> dict[str, Any]:
    return {"inputs": inputs, "outputs": outputs, "nodes": [_node(node) for node in pipeline.nodes]}


def _given(item: PipelineInput) -> dict[str, Any]:
    match item.value:
        case Data():
            value = item.value
            return {"type": value.type.replace("_", ""), "value": value.uri, "mode": value.mode and str(value.mode)}
        case Literal():
            return {"type": "literal", "value": item.value.text, "mode": None}
    return {"type": "literal", "value": item.port.default, "mode": None}


def _type(pipeline: Pipeline, output: PipelineOutput) -> str | None:
    """The type of an output: its own, its producer's setting, or what its producer declares."""
    if output.type is not None:
        return str(output.type)
    for node in pipeline.nodes:
        for binding in node.outputs:
            if output.name in binding.promoted_to:
                return _produced(node, binding)
    return None


def _produced(node: Node, binding: OutputBinding) -> str | None:
    if binding.type is not None:
        return str(binding.type)
    match node:
        case CommandNode():
            port = node.component.output(binding.name)
            return None if port is None else str(port.type)
        case PipelineNode():
            return next((_type(node.pipeline, item) for item in node.pipeline.outputs if item.name == binding.name), "")
    return None


def _node(node: Node) -> dict[str, Any]:
    assert not isinstance(node, UnsupportedNode)
    nested = isinstance(node, PipelineNode)
    found: dict[str, Any] = {
        "name": node.name,
        "type": "pipeline" if nested else "command",
        "component": node.pipeline.name if isinstance(node, PipelineNode) else node.component.name,
        "inputs": {binding.name: _text(binding.value) for binding in node.inputs},
        "outputs": {binding.name: _output(node, binding) for binding in node.outputs},
    }
    match node:
        case PipelineNode():
            ports = {item.port.name: _port(item.port) for item in node.pipeline.inputs}
            found["pipeline"] = _level(node.pipeline, ports, sorted(item.name for item in node.pipeline.outputs))
        case CommandNode():
            found["spec"] = _spec(node.component)
            found["compute"] = node.compute
            found["timeout"] = node.timeout
            found["environment_variables"] = dict(node.environment_variables)
            found |= _settings(node)
    return found


def _output(node: Node, binding: OutputBinding) -> dict[str, str]:
    if binding.promoted_to:
        return {"value": f"${{{{parent.outputs.{binding.promoted_to[-1]}}}}}"}
    return _where(_produced(node, binding), binding)


def _where(type_: str | None, said: OutputBinding | PipelineOutput) -> dict[str, str]:
    found = {
        "type": type_,
        "mode": said.mode,
        "path": said.path,
        "name": said.asset_name,
        "version": said.asset_version,
    }
    return {key: str(value) for key, value in found.items() if value is not None}


def _port(port: InputPort) -> dict[str, Any]:
    return {"type": str(port.type), "optional": port.optional, "default": port.default}


def _settings(node: CommandNode) -> dict[str, Any]:
    own, inherited = node.resources, node.component.resources
    distribution = node.distribution or node.component.distribution
    resources = {
        "instance_count": own.instance_count or inherited.instance_count,
        "instance_type": own.instance_type or inherited.instance_type,
        "shm_size": own.shm_size or inherited.shm_size,
    }
    return {
        "display_name": node.display_name,
        "tags": dict(node.tags),
        "resources": {key: value for key, value in resources.items() if value not in (None, 1)},
        "distribution": str(distribution.type) if distribution else None,
    }


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
