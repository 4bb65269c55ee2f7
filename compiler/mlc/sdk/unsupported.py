"""Builders of steps that need a service mlc does not have: they give nodes that are refused by name, at their line."""

from typing import Any

from mlc.ir.component import InputPort, OutputPort
from mlc.ir.types import PortType
from mlc.sdk.component import Component
from mlc.sdk.node import Node
from mlc.sdk.ports import Input, Output, input_port, output_port
from mlc.sdk.session import here
from mlc.sdk.values import literal


def step(kind: str, name: str, fields: dict[str, Any]) -> Node:
    """A callable job of an unsupported kind; its declared inputs and outputs are known, so that the rest is checked."""
    component = Component(
        name,
        None,
        input_ports=tuple(_input(key, value) for key, value in _mapping(fields.get("inputs")).items()),
        output_ports=tuple(_output(key, value) for key, value in _mapping(fields.get("outputs")).items()),
        span=here(),
        unsupported=kind,
    )
    return Node(component, {}, joins=False)


def spark(**fields: Any) -> Node:
    """A Spark step."""
    return step("spark", str(fields.get("name") or "spark"), fields)


def automl(task: str) -> Any:
    """The builder of an AutoML task: calling it makes a node at once."""

    def build(**fields: Any) -> Node:
        component = Component(f"{task}job", None, span=here(), unsupported="automl")
        inputs = {key: value for key, value in fields.items() if isinstance(value, Input)}
        return Node(component, inputs)

    return build


def data_transfer(task: str) -> Any:
    """The builder of a data transfer step."""

    def build(**fields: Any) -> Node:
        return step("data_transfer", task, fields)()

    return build


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _input(name: str, value: Any) -> InputPort:
    if isinstance(value, Input):
        return input_port(name, value, value.span)
    plain = literal(value)
    return InputPort(name=name, type=plain[0] if plain else PortType.URI_FOLDER, default=plain[1] if plain else None)


def _output(name: str, value: Any) -> OutputPort:
    if isinstance(value, Output):
        return output_port(name, value, value.span)
    return OutputPort(name=name, type=PortType.URI_FOLDER)
