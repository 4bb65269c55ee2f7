"""Jobs that were read from YAML, as objects that a script goes on changing.

Nodes, values and settings keep the IR that they were read into; conversion takes that, and what was set since.
"""

from pathlib import Path
from typing import Any

from mlc.ir.component import OutputPort
from mlc.ir.pipeline import CommandNode, OutputBinding, Pipeline, PipelineNode, PipelineOutput, UnsupportedNode
from mlc.ir.pipeline import Node as ReadNode
from mlc.sdk.component import Component, of_loaded
from mlc.sdk.definition import Definition, Nodes, PipelineParameter
from mlc.sdk.job import PipelineJob
from mlc.sdk.node import Node
from mlc.sdk.references import NodeInput, NodeOutput, PipelineInput

_SETTINGS = (
    "default_compute",
    "default_datastore",
    "continue_on_step_failure",
    "force_rerun",
    "on_init",
    "on_finalize",
)


def job_of(read: Pipeline, base: Path) -> PipelineJob:
    """The job; ``base`` is the file's folder, to which its data is relative."""
    definition = Definition(
        name=read.name,
        parameters=[_parameter(item) for item in read.inputs],
        span=read.span,
        display_name=read.display_name,
        description=read.description,
        tags=dict(read.tags),
        nodes=Nodes({item.name: node_of(item) for item in read.nodes}),
    )
    outputs = {item.name: _produced(item, definition, read) for item in read.outputs}
    definition.outputs = {name: output for name, output in outputs.items() if output.node is not None}
    settings = {name: getattr(read.settings, name) for name in _SETTINGS}
    options = {"experiment_name": read.experiment_name}
    given = {name: value for name, value in settings.items() if value not in (None, False)}
    job = PipelineJob(definition, given, options, read.span)
    job.base_path = base
    for item in read.outputs:
        result = job.results[item.name] = NodeOutput(outputs[item.name].node, item.name, None, item.span)
        result.settings = _settings(item)
    return job


def step_of(read: Pipeline) -> Node:
    """The only step of a job that is no pipeline, with the job's values; calling it makes nodes."""
    node = node_of(read.nodes[0])
    given = {item.port.name: item.value for item in read.inputs}
    for name, bound in list(node.bound.items()):
        if given.get(name) is not None:
            bound.value = given[name]
        else:
            del node.bound[name]
    node.own_name = None
    said = {"display_name": read.display_name, "description": read.description, "tags": dict(read.tags)}
    for name, value in (said | {"experiment_name": read.experiment_name}).items():
        if value:
            setattr(node, name, value)
    for item in read.outputs:
        node.output_of(item.name).settings |= _settings(item)
    return node


def node_of(read: ReadNode) -> Node:
    """A node of its own, with the component that it runs."""
    node = Node(_component(read), {}, joins=False)
    values = node.__dict__
    values |= {"loaded": read, "span": read.span, "own_name": read.name}
    for item in read.inputs:
        values["bound"][item.name] = NodeInput(node, item.name, item.value, item.span)
    for output in read.outputs:
        made = NodeOutput(node, output.name, node.component.output(output.name), output.span)
        made.settings = _settings(output)
        values["produced"][output.name] = made
    if isinstance(read, CommandNode):
        _settle(node, read)
    return node


def _component(read: ReadNode) -> Component:
    match read:
        case CommandNode():
            return of_loaded(read.component)
        case PipelineNode():
            return of_loaded(read.pipeline)
        case UnsupportedNode():
            unsupported = read.type or None
            return Component(read.name, None, output_ports=read.output_ports, span=read.span, unsupported=unsupported)


def _settle(node: Node, read: CommandNode) -> None:
    """Settings of the file, to be read and changed."""
    said: dict[str, Any] = {
        "compute": read.compute,
        "display_name": read.display_name,
        "description": read.description or None,
        "tags": dict(read.tags) or None,
        "environment_variables": dict(read.environment_variables) or None,
        "limits": {"timeout": read.timeout} if read.timeout is not None else None,
    }
    for name, value in said.items():
        if value is not None:
            setattr(node, name, value)


def _parameter(item: Any) -> PipelineParameter:
    value = item.value
    return PipelineParameter(
        name=item.port.name,
        declared=None,
        read=item.port,
        type=item.port.type,
        value=value,
        reference=PipelineInput(item.port.name, value, item.port.type),
        span=item.span,
    )


def _produced(item: PipelineOutput, definition: Definition, read: Pipeline) -> NodeOutput:
    """The output of a node that leaves as ``item``."""
    for node in read.nodes:
        for binding in node.outputs:
            if item.name in binding.promoted_to:
                return definition.nodes[node.name].output_of(binding.name)
    declared = OutputPort(name=item.name, type=item.type) if item.type is not None else None
    return NodeOutput(None, item.name, declared, item.span)


def _settings(said: OutputBinding | PipelineOutput) -> dict[str, Any]:
    given = {
        "type": said.type and said.type.value,
        "mode": said.mode and said.mode.value,
        "path": said.path,
        "name": said.asset_name,
        "version": said.asset_version,
    }
    return {name: value for name, value in given.items() if value is not None}
