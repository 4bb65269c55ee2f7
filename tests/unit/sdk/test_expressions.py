"""Expressions on parameters: text becomes a template, everything else a hidden step."""

import ast

import pytest
from tests.support.scripts import script, study

from mlc.ir.types import PortType


def load(tmp_path, use: str, signature: str = "d, n: int, lr: float, s: str", call: str = "n=1, lr=0.5, s='x'"):
    return script(tmp_path, study(f"x = a(data=d, {use})", signature=signature, call=f"Input(path='.'), {call}"))


@pytest.mark.parametrize(
    ("use", "bound"),
    [
        ("s='pre-' + s", "pre- + input s"),
        ("s=s + '-post'", "input s + -post"),
        ("s=f'{s}/{n}'", "input s + / + input n"),
        ("s='a' + (s + 'b')", "a + input s + b"),
        ("s=s", "input s"),
    ],
)
def test_text_is_joined(tmp_path, use, bound):
    loaded = load(tmp_path, use)
    assert loaded.bound("x")["s"] == bound
    assert loaded.nodes == ["x"]


@pytest.mark.parametrize(
    ("use", "inputs", "type_", "source"),
    [
        ("n=n + 1", ["n"], PortType.INTEGER, "n + 1"),
        ("lr=n * lr", ["lr", "n"], PortType.NUMBER, "n * lr"),
        ("n=2 ** n", ["n"], PortType.INTEGER, "2 ** n"),
        ("lr=n / 2", ["n"], PortType.NUMBER, "n / 2"),
        ("s=lr > 0.1", ["lr"], PortType.BOOLEAN, "lr > 0.1"),
        ("n=(n + 1) * n", ["n"], PortType.INTEGER, "(n + 1) * n"),
    ],
)
def test_arithmetic_becomes_a_step(tmp_path, use, inputs, type_, source):
    loaded = load(tmp_path, use)
    assert loaded.nodes == ["expression_component", "x"]
    component = loaded.command("expression_component").component
    assert [port.name for port in component.inputs] == inputs
    assert component.outputs[0].type is type_
    assert component.is_python_function
    assert component.code is not None
    ((name, file),) = component.code.files
    assert name == "expression_component.py"
    tree = ast.parse(file.read())
    function = next(item for item in tree.body if isinstance(item, ast.FunctionDef))
    assert ast.unparse(function.body[-1]) == f"return {source}"


def test_an_expression_is_computed_once(tmp_path):
    body = "m = n + 1\nx = a(data=d, n=m)\ny = a(data=d, n=m)"
    loaded = script(tmp_path, study(body, signature="d, n: int", call="Input(path='.'), 1"))
    assert loaded.nodes == ["expression_component", "x", "y"]
    assert loaded.bound("y")["n"] == "expression_component.output"


@pytest.mark.parametrize(
    ("use", "what"),
    [
        ("n=d + 1", "'d' has no type"),
        ("n=s - n", "(s - n) is no operation for string and integer"),
        ("n=n + [1]", "A list cannot stand in an expression"),
        ("s=f'{n + 1}'", "(n + 1) cannot be put into a string"),
    ],
)
def test_what_cannot_be_computed(tmp_path, use, what):
    assert any(what in said for said in load(tmp_path, use).said)


def test_a_value_that_a_step_returns(tmp_path):
    component = """
    from mldesigner import Input, Output, command_component

    @command_component()
    def count(data: Input(type="uri_folder")) -> int:
        return 1
    """
    text = study("c = count(data=d)\nx = a(data=d, n=c.outputs.output * 2)", head="from counting import count\n")
    loaded = script(tmp_path, text, counting_py=component)
    assert loaded.bound("expression_component") == {"count__output": "c.output"}
