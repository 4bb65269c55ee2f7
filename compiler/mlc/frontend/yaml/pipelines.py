"""Pipelines in YAML: jobs, which have values and settings, and components, which only declare (azureml.md A6)."""

from dataclasses import replace

from mlc.frontend.yaml.bindings import IN_A_JOB, OUTPUT_MODES, asset_name, input_mode, input_value
from mlc.frontend.yaml.located import Entry, Located, Mapping, Scalar, describe, is_null
from mlc.frontend.yaml.nodes import Level, read_nodes
from mlc.frontend.yaml.ports import data_type, input_ports, known_type, output_ports
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.settings import check_addresses, pipeline_settings
from mlc.frontend.yaml.shapes import Fields, capital
from mlc.frontend.yaml.tables import GIVEN_INPUT, GIVEN_OUTPUT, PIPELINE_COMPONENT, PIPELINE_JOB, check
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    BROKEN_NODE,
    Data,
    Literal,
    Node,
    Pipeline,
    PipelineInput,
    PipelineOutput,
    UnsupportedNode,
)
from mlc.ir.types import PortType


def pipeline_component(fields: Fields, name: str, scope: Scope) -> Pipeline:
    """A pipeline that others nest: its inputs are declarations, and its settings do not count."""
    check(fields, PIPELINE_COMPONENT)
    inputs = tuple(PipelineInput(port=port, span=port.span) for port in input_ports(fields.table("inputs"), scope.bag))
    outputs = tuple(
        PipelineOutput(
            name=port.name,
            type=None if port.broken else port.type,
            mode=port.mode,
            description=port.description,
            span=port.span,
        )
        for port in output_ports(fields.table("outputs"), scope.bag)
    )
    nodes = _nodes(fields, inputs, outputs, scope)
    return _pipeline(fields, name, (inputs, outputs, nodes))


def pipeline_job(fields: Fields, name: str, scope: Scope) -> Pipeline:
    """A pipeline job; ``name`` is used where it has none. It may take its jobs from a pipeline component."""
    check(fields, PIPELINE_JOB, "E111")
    name = fields.text("name") or fields.text("display_name") or name
    declared = _component(fields, scope)
    inputs = _job_inputs(fields, declared, scope)
    outputs = _outputs(fields)
    if declared is None:
        nodes = _nodes(fields, inputs, outputs, scope)
        if not nodes and (fields.mapping.get("component") or _no_table(fields.mapping.get("jobs"))):
            nodes = (UnsupportedNode(name=BROKEN_NODE, type=""),)
    else:
        nodes = declared.nodes
        outputs = _merged(declared.outputs, outputs)
    return _pipeline(fields, name, (inputs, outputs, nodes), job=True)


def _no_table(node: Located | None) -> bool:
    """Whether something stands there that is no mapping, which was reported."""
    return node is not None and not isinstance(node, Mapping)


Parts = tuple[tuple[PipelineInput, ...], tuple[PipelineOutput, ...], tuple[Node, ...]]


def _pipeline(fields: Fields, name: str, parts: Parts, *, job: bool = False) -> Pipeline:
    if job:
        check_addresses(fields)
    settings = {"settings": pipeline_settings(fields)} if job else {}
    inputs, outputs, nodes = parts
    return Pipeline(
        name=name,
        nodes=nodes,
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        experiment_name=fields.text("experiment_name") if job else None,
        tags=fields.pairs("tags"),
        inputs=inputs,
        outputs=outputs,
        span=fields.mapping.span,
        **settings,
    )


def _component(fields: Fields, scope: Scope) -> Pipeline | None:
    """The pipeline component that a job runs as it is."""
    reference = fields.mapping.get("component")
    if reference is None:
        return None
    if fields.mapping.get("jobs") is not None:
        what = "The pipeline has a component and jobs of its own"
        scope.bag.add("E123", fields.mapping.key_span("jobs"), what, fix="Remove one of them")
        return None
    found = scope.resolve(reference, scope)
    if found is None or isinstance(found, Pipeline):
        return found
    what = "The component of a pipeline job must be a pipeline"
    scope.bag.add("E112", reference.span, what, fix="Use it in a job of the pipeline, below 'jobs:'")
    return None


def _nodes(
    fields: Fields, inputs: tuple[PipelineInput, ...], outputs: tuple[PipelineOutput, ...], scope: Scope
) -> tuple[Node, ...]:
    level = Level(
        inputs={item.port.name: item.port for item in inputs},
        outputs={output.name: output.type for output in outputs},
    )
    return read_nodes(fields.table("jobs"), level, scope)


def _job_inputs(fields: Fields, declared: Pipeline | None, scope: Scope) -> tuple[PipelineInput, ...]:
    ports = {item.port.name: item.port for item in declared.inputs} if declared else {}
    given: dict[str, PipelineInput] = {}
    for name, entry in fields.table("inputs") or ():
        given[name] = job_input(name, entry, ports.get(name), scope)
    rest = (PipelineInput(port=port, span=port.span) for name, port in ports.items() if name not in given)
    return (*given.values(), *rest)


def job_input(name: str, entry: Entry, port: InputPort | None, scope: Scope) -> PipelineInput:
    """An input of a job with its value: a scalar, or data by location. ``port``: its declaration where there is one.

    One that cannot be read is reported and marked as broken, so that what is bound to it is not said to be unknown.
    """
    found = _job_input(name, entry, port, scope)
    if found is not None:
        return found
    port = port or InputPort(name=name, type=PortType.STRING, span=entry.span)
    return PipelineInput(port=replace(port, broken=True), span=entry.span)


def _job_input(name: str, entry: Entry, port: InputPort | None, scope: Scope) -> PipelineInput | None:
    what = f"input '{name}'"
    node = entry.value
    if isinstance(node, Mapping) and node.get("default") is not None and node.get("value") is None:
        why = "A job's inputs have values; only components have defaults"
        text = f"'default' cannot stand in {what} of a job"
        scope.bag.add("E123", node.key_span("default"), text, why=why, fix=f"Write '{name}: VALUE'")
        return None
    if isinstance(node, Mapping) and node.get("path") is None and node.get("value") is None and "type" in node:
        return _without_value(name, entry, Fields(node, what, scope.bag))
    value = input_value(node, port.type if port else None, scope, what)
    if value is None:
        return None
    if not isinstance(value, Literal | Data):
        text = f"{capital(what)} of the pipeline refers to a pipeline, but there is none around it"
        scope.bag.add("E116", node.span, text, fix="Write a value or a path")
        return None
    kind = port.type if port else _declared(node) or value.type
    broken = port is None and isinstance(node, Mapping) and "type" in node and _declared(node) is None
    mode = getattr(value, "mode", None)
    own = port or InputPort(name=name, type=kind, mode=mode, broken=broken, span=entry.span)
    return PipelineInput(port=own, value=value, span=entry.span)


def _without_value(name: str, entry: Entry, fields: Fields) -> PipelineInput | None:
    """``{type: uri_folder}``: declared only; whether a value is needed is for the passes to say."""
    check(fields, GIVEN_INPUT, "E111", IN_A_JOB)
    declared = fields.scalar("type")
    kind = None if declared is None else data_type(declared, fields.what, fields.bag)
    if kind is None:
        return None
    optional = bool(fields.flag("optional"))  # reported, and then taken as it is meant
    port = InputPort(name=name, type=kind, optional=optional, mode=input_mode(fields, kind), span=entry.span)
    return PipelineInput(port=port, span=entry.span)


def _declared(node: object) -> PortType | None:
    kind = node.get("type") if isinstance(node, Mapping) else None
    return known_type(kind.text.strip()) if isinstance(kind, Scalar) else None


def _outputs(fields: Fields) -> tuple[PipelineOutput, ...]:
    return tuple(output(name, entry, fields) for name, entry in fields.table("outputs") or ())


def output(name: str, entry: Entry, owner: Fields) -> PipelineOutput:
    """An output of a pipeline: nothing (the producer decides), or ``{type, mode, path, name, version}``."""
    node = entry.value
    if is_null(node):
        return PipelineOutput(name=name, span=entry.span)
    if not isinstance(node, Mapping):
        what = f"Output '{name}' of {owner.what} must be a mapping or nothing, not {describe(node)}"
        fix = "Write '{type: uri_folder, path: ...}'; a job binds it with '${{parent.outputs." + name + "}}'"
        owner.bag.add("E104", node.span, what, fix=fix)
        return PipelineOutput(name=name, span=entry.span)
    fields = Fields(node, f"output '{name}' of {owner.what}", owner.bag)
    check(fields, GIVEN_OUTPUT, "E111", IN_A_JOB)
    declared = fields.scalar("type")
    asset, version = asset_name(fields)
    return PipelineOutput(
        name=name,
        type=None if declared is None else data_type(declared, fields.what, fields.bag),
        mode=fields.mode(OUTPUT_MODES),
        path=fields.text("path"),
        description=fields.text("description") or "",
        asset_name=asset,
        asset_version=version,
        span=entry.span,
    )


def _merged(declared: tuple[PipelineOutput, ...], given: tuple[PipelineOutput, ...]) -> tuple[PipelineOutput, ...]:
    """The component's outputs, with what the job says of them."""
    own = {output.name: output for output in given}
    names = {output.name for output in declared}
    return (*(own.get(item.name, item) for item in declared), *(item for item in given if item.name not in names))
