"""Expressions that are computed by a hidden node: a generated Python component."""

import keyword
import re
from pathlib import Path
from typing import Any

from mlc.ir.component import InputPort, OutputPort
from mlc.ir.types import PortType
from mlc.sdk.component import Component, Raw
from mlc.sdk.expressions import SAMPLES, Expression, Operand
from mlc.sdk.node import Node
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import session

NAME = "expression_component"
"""Of the hidden component, and so of its nodes: ``expression_component``, ``expression_component_1``."""

_SOURCE = '''"""Computes {shown} when the pipeline runs."""

from mldesigner import Output, command_component


@command_component(display_name={title!r})
def expression_func({parameters}) -> Output(type="{type}"):
    return {text}
'''

_PYTHON = {PortType.BOOLEAN: "bool", PortType.INTEGER: "int", PortType.NUMBER: "float", PortType.STRING: "str"}


def computing_node(expression: Expression) -> Node:
    """A node of the pipeline that is being made; its output ``output`` is the expression's value."""
    names: dict[int, str] = {}
    operands: dict[str, Any] = {}
    text = _python(expression, names, operands)[1:-1]
    result = expression.type
    ports = []
    for name in sorted(operands):
        type_ = _type(operands[name], expression)
        ports.append(InputPort(name=name, type=type_, span=expression.span))
    inputs = " ".join(f'{port.name}="${{{{inputs.{port.name}}}}}"' for port in ports)
    source = _SOURCE.format(
        shown=_line(expression.shown),
        title=f"Expression: {expression.shown}",
        parameters=", ".join(f"{port.name}: {_PYTHON[port.type]}" for port in ports),
        type=result,
        text=text,
    )
    raw = Raw(
        command=f"mldesigner execute --source {NAME}.py --name expression_func --inputs {inputs} "
        '--outputs output="${{outputs.output}}"',
        base=Path(),
        is_python_function=True,
        files={f"{NAME}.py": source.encode()},
    )
    component = Component(
        NAME,
        raw,
        input_ports=tuple(ports),
        output_ports=(OutputPort(name="output", type=result, span=expression.span),),
        display_name=f"Expression: {expression.shown}",
        span=expression.span,
    )
    node = Node(component, operands)
    node.__dict__["span"] = expression.span
    return node


def _python(side: Any, names: dict[int, str], operands: dict[str, Any]) -> str:
    """The expression as Python source; fills the name of each operand."""
    if isinstance(side, Expression):
        left, right = (_python(each, names, operands) for each in (side.left, side.right))
        return f"({left} {side.symbol} {right})"
    if isinstance(side, Operand):
        if id(side) not in names:
            names[id(side)] = _free(_wish(side), operands)
            operands[names[id(side)]] = side
        return names[id(side)]
    return repr(getattr(side, "value", side))


def _wish(side: Any) -> str:
    if isinstance(side, NodeOutput):
        wish = f"{side.node.component.name}__{side.port}" if side.port == "output" else side.port
    else:
        wish = side.port.rpartition(".")[2]  # of a group's parameter: the field
    return re.sub(r"\W", "_", wish)


def _free(wish: str, taken: dict[str, Any]) -> str:
    name, number = wish if not keyword.iskeyword(wish) else f"{wish}_", 0
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    return name


def _type(operand: Any, expression: Expression) -> PortType:
    type_ = operand.type
    if type_ in SAMPLES:
        return PortType(type_)
    what = f"{operand.port!r} has no type that {expression.shown} can compute with"
    if isinstance(operand, PipelineInput):
        fix = f"Annotate the parameter, for example {operand.port}: int"
    else:
        fix = "Only outputs of type string, integer, number or boolean can stand in an expression"
    session().report("E217", what, fix=fix, span=expression.span)
    return PortType.STRING


def _line(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''").replace("\n", " ")
