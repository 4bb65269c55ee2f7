"""``command()``: a command component and a job in one call; calling the result makes nodes."""

from pathlib import Path
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import InputPort, OutputPort
from mlc.ir.types import PortType
from mlc.sdk.component import Component, Raw
from mlc.sdk.node import Node
from mlc.sdk.ports import Input, Output, ignored, input_port, output_port
from mlc.sdk.session import here, session
from mlc.sdk.settings import ResourceConfiguration, as_distribution, as_settings
from mlc.sdk.values import kind_of, literal

_RESOURCES = ("instance_count", "instance_type", "shm_size", "docker_args")
_JOB = ("compute", "environment_variables", "display_name", "tags", "identity", "services", "experiment_name")
_COMPONENT = (
    *("command", "code", "environment", "inputs", "outputs", "distribution", "resources", "is_deterministic"),
    *("timeout", "name", "version", "description"),
)
_UNUSED = ("job_tier", "locations", "parent_job_name", "priority", "properties")

ANONYMOUS = "azureml_anonymous"
"""What the reference calls a component without a name, and so its nodes."""


def command(**fields: Any) -> Node:
    """A job that can be called: each call is a node of the same component, with this one's settings."""
    span = here()
    ignored("command()", fields, (*_JOB, *_RESOURCES, *_COMPONENT, *_UNUSED), span)
    component, given, settings = _component(fields, span)
    component.is_command = True
    job = Node(component, given, joins=False)
    for output, value in settings.items():
        job.output_of(output).set(value)
    for field in _JOB:
        if fields.get(field) is not None:
            setattr(job, field, fields[field])
    job.set_resources(**{field: fields.get(field) for field in _RESOURCES})
    if fields.get("timeout") is not None:
        job.set_limits(timeout=fields["timeout"])
    return job


def command_component_entity(**fields: Any) -> Component:
    """``CommandComponent(...)``: the component alone."""
    return _component(fields, here())[0]


def _component(fields: dict[str, Any], span: Span) -> tuple[Component, dict[str, Any], dict[str, Output]]:
    """The component, what its inputs are bound to already, and settings of its outputs."""
    if not fields.get("command"):
        what = "command() has no command"
        session().report("E207", what, fix='Write command="python train.py ..."', span=span)
    inputs, given = declared_inputs(mapping_of(fields, "inputs", span), span)
    outputs, settings = declared_outputs(mapping_of(fields, "outputs", span), span)
    raw = Raw(
        command=str(fields.get("command") or ""),
        base=Path.cwd(),
        code=fields.get("code"),
        environment=fields.get("environment"),
        distribution=as_distribution(fields.get("distribution")),
        resources=as_settings(fields.get("resources"), ResourceConfiguration),
        is_deterministic=fields.get("is_deterministic") is not False,
    )
    component = Component(
        str(fields.get("name") or ANONYMOUS),
        raw,
        input_ports=inputs,
        output_ports=outputs,
        span=span,
        version=fields.get("version"),
        display_name=fields.get("display_name"),
        description=fields.get("description"),
        tags=fields.get("tags"),
    )
    return component, given, settings


def mapping_of(fields: dict[str, Any], key: str, span: Span, who: str = "command()") -> dict[str, Any]:
    """An argument that must be a dict; anything else is reported, and counts as nothing."""
    value = fields.get(key) or {}
    if not isinstance(value, dict):
        what = f"'{key}' of {who} is {kind_of(value)}"
        session().report("E209", what, fix=f'Write {key}={{"name": ...}}', span=span.at(key))
        return {}
    return {str(name): item for name, item in value.items()}


def declared_inputs(
    declared: dict[str, Any], span: Span, who: str = "command()"
) -> tuple[tuple[InputPort, ...], dict[str, Any]]:
    """The ports, with plain values as defaults, and the data that is bound already."""
    ports, given = [], {}
    for name, value in declared.items():
        declaration = Input(**value) if isinstance(value, dict) else value
        place = span.at("inputs").at(name)
        if isinstance(declaration, Input):
            port = input_port(name, declaration, declaration.span if isinstance(value, Input) else place)
            if port.type.is_data and declaration.path is not None:
                given[name] = declaration
        elif (plain := literal(value)) is not None:
            port = InputPort(name=name, type=plain[0], default=plain[1], span=place)
            given[name] = value
        elif (data := getattr(value, "_mlc_input_", None)) is not None:
            given[name] = data()
            port = input_port(name, given[name], place)
        elif hasattr(value, "_mlc_distribution_"):
            port = InputPort(name=name, type=value._mlc_distribution_, span=place)
            given[name] = value
        else:
            what = f"Input {name!r} of {who} is {kind_of(value)}"
            fix = "Use Input(...), a string, a number or a boolean"
            session().report("E209", what, fix=fix, span=place)
            port = InputPort(name=name, type=PortType.STRING, broken=True, span=place)
        ports.append(port)
    return tuple(ports), given


def declared_outputs(
    declared: dict[str, Any], span: Span, who: str = "command()"
) -> tuple[tuple[OutputPort, ...], dict[str, Output]]:
    """The ports, and the settings of those that have some."""
    ports, settings = [], {}
    for name, value in declared.items():
        declaration = Output(**value) if isinstance(value, dict) else value
        place = span.at("outputs").at(name)
        if declaration is None or declaration == {}:
            declaration = Output()
        if not isinstance(declaration, Output):
            what = f"Output {name!r} of {who} is {kind_of(value)}"
            session().report("E209", what, fix="Use Output(type=..., mode=...)", span=place)
            declaration = Output()
        ports.append(output_port(name, declaration, declaration.span if isinstance(value, Output) else place))
        settings[name] = declaration
    return tuple(ports), settings
