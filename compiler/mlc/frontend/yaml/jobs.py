"""What is no pipeline but can be run as one of a single job: a command job, a command component."""

import re
from dataclasses import replace

from mlc.frontend.yaml.inline import inline_component, inline_outputs
from mlc.frontend.yaml.pipelines import job_input, output
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.settings import compute_name, distribution, resources, timeout
from mlc.frontend.yaml.shapes import Fields
from mlc.frontend.yaml.tables import COMMAND_JOB, check
from mlc.ir.component import Component
from mlc.ir.pipeline import (
    CommandNode,
    InputBinding,
    OutputBinding,
    Pipeline,
    PipelineInput,
    PipelineInputRef,
    PipelineOutput,
    UnsupportedNode,
)

KNOWN = tuple(COMMAND_JOB)


def command_job(fields: Fields, stem: str, scope: Scope) -> Pipeline:
    """A command job as a pipeline of one job, whose inputs and outputs are the pipeline's."""
    check(fields, COMMAND_JOB, "E111")
    name = fields.text("name") or fields.text("display_name") or stem
    inputs = tuple(job_input(key, entry, None, scope) for key, entry in fields.table("inputs") or ())
    outputs = tuple(output(key, entry, fields) for key, entry in fields.table("outputs") or ())
    ports, _ = inline_outputs(fields.table("outputs"), {}, scope, fields.what)
    component = inline_component(fields, node_name(name), ports, scope)
    component = _with_inputs(component, inputs)
    node = CommandNode(
        name=node_name(name),
        component=component,
        compute=compute_name(fields),
        resources=resources(fields),
        distribution=distribution(fields),
        environment_variables=fields.pairs("environment_variables"),
        timeout=timeout(fields),
        span=fields.mapping.span,
    )
    return single(fields, name, node, inputs, outputs)


def single(
    fields: Fields,
    name: str,
    node: CommandNode,
    inputs: tuple[PipelineInput, ...],
    outputs: tuple[PipelineOutput, ...],
) -> Pipeline:
    """The job ``fields`` as a pipeline of ``node`` alone, which gets all inputs and makes all outputs."""
    promoted = (OutputBinding(name=item.name, promoted_to=(item.name,), span=item.span) for item in outputs)
    node = replace(node, inputs=_references(inputs), outputs=tuple(promoted))
    return Pipeline(
        name=name,
        nodes=(node,),
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        experiment_name=fields.text("experiment_name"),
        tags=fields.pairs("tags"),
        inputs=inputs,
        outputs=outputs,
        span=fields.mapping.span,
    )


def component_alone(component: Component) -> Pipeline:
    """A command component as a pipeline of one job: its inputs, with their defaults, are the pipeline's."""
    inputs = tuple(PipelineInput(port=port, span=port.span) for port in component.inputs)
    outputs = tuple(PipelineOutput(name=port.name, type=port.type, span=port.span) for port in component.outputs)
    node = CommandNode(
        name=node_name(component.name),
        component=component,
        inputs=_references(inputs),
        outputs=tuple(OutputBinding(name=item.name, promoted_to=(item.name,), span=item.span) for item in outputs),
        span=component.span,
    )
    return Pipeline(
        name=component.name,
        nodes=(node,),
        display_name=component.display_name,
        description=component.description,
        tags=component.tags,
        inputs=inputs,
        outputs=outputs,
        span=component.span,
    )


def unsupported_job(fields: Fields, kind: str, stem: str) -> Pipeline:
    """A job of a kind that a pass refuses by name."""
    name = fields.text("name") or fields.text("display_name") or stem
    node = UnsupportedNode(name=node_name(name), type=kind, span=fields.mapping.span)
    return Pipeline(name=name, nodes=(node,), span=fields.mapping.span)


def _with_inputs(component: Component, inputs: tuple[PipelineInput, ...]) -> Component:
    return replace(component, inputs=tuple(item.port for item in inputs))


def _references(inputs: tuple[PipelineInput, ...]) -> tuple[InputBinding, ...]:
    return tuple(
        InputBinding(
            name=item.port.name,
            value=PipelineInputRef(name=item.port.name, mode=item.port.mode, span=item.span),
            span=item.span,
        )
        for item in inputs
    )


def node_name(text: str) -> str:
    """``text`` as the name of a job: ``[a-z_][a-z0-9_]*``."""
    word = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_") or "job"
    return word if not word[0].isdigit() else f"job_{word}"
