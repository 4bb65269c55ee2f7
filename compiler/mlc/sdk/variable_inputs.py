"""``**inputs`` of a component function: what a call names besides the parameters are inputs of that node alone.

The function gets them as text (``mldesigner execute`` converts only what is declared); their types are those of the
values, so that edges are checked as any others are.
"""

from dataclasses import replace
from typing import Any

from mlc.ir.component import InputPort
from mlc.ir.types import PortType
from mlc.sdk.component import Component, Raw
from mlc.sdk.execute import with_ports
from mlc.sdk.node_io import BROKEN, resolved
from mlc.sdk.ports import Input
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of, known_type, literal


def with_more(component: Component, inputs: dict[str, Any]) -> tuple[Component, dict[str, Any]]:
    """The component with an input for each keyword that it does not declare, and the values for all of them."""
    span = here()
    declared = {port.name.lower() for port in component.input_ports}
    more: list[InputPort] = []
    given = dict(inputs)
    for name, value in inputs.items():
        if name.lower() in declared or value is None:
            continue
        if component.output(name) is not None:
            what = f"Component {component.name!r} is given a value for its output {name!r}"
            session().report("E209", what, fix="Set node.outputs.NAME, or rename the input", span=span.at(name))
            given[name] = BROKEN
        else:
            given[name] = resolved(value, name, span.at(name))
        type_ = _type(given[name])
        if type_ is None and given[name] is not BROKEN:
            what = f"The type of input {name!r} of component {component.name!r} cannot be known from {kind_of(value)}"
            fix = "Pass Input(...), a plain value, or a parameter of the pipeline that has a type"
            session().report("E209", what, fix=fix, span=span.at(name))
            given[name] = BROKEN
        port = InputPort(name=name, type=type_ or PortType.STRING, broken=type_ is None, span=span.at(name))
        more.append(port)
    if not more:
        return component, inputs
    return _grown(component, tuple(more)), given


def _grown(component: Component, more: tuple[InputPort, ...]) -> Component:
    """Another component of the same code: with what was set on the first one so far."""
    body = component.body
    assert isinstance(body, Raw)
    program = body.command.partition(" --inputs ")[0].partition(" --outputs ")[0]
    inputs = component.input_ports + more
    command = with_ports(program, inputs, component.output_ports)
    new = Component(
        component.name,
        replace(body, command=command),
        input_ports=inputs,
        output_ports=component.output_ports,
        span=component.span,
        version=component.version,
        display_name=component.display_name,
        description=component.description,
        tags=component.tags,
    )
    for name, value in component.changes.items():
        setattr(new, name, value)
    return new


def _type(value: Any) -> PortType | None:
    if isinstance(value, PipelineInput):
        return known_type(value.type) if value.type is not None else _type(value.result())
    if isinstance(value, Input | NodeOutput):
        return known_type(value.type)
    plain = literal(value) if value is not BROKEN else None
    return plain[0] if plain else None
