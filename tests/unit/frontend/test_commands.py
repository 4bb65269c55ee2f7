"""mlc.frontend.commands: placeholders, brackets, and what stays text."""

import pytest

from mlc.diagnostics import Bag, Span
from mlc.frontend.commands import parse_command
from mlc.ir.template import Bracket, InputRef, OutputRef, Text


def parse(text, inputs=()):
    bag = Bag()
    found = parse_command(text, Span("f.yml", 2, 3), bag, inputs)
    return found, [item.code for item in bag.items]


def test_inputs_outputs_and_brackets():
    found, codes = parse("run --a ${{inputs.a}} $[[--b '${{ inputs.b }}']] ${{outputs.o}}")
    assert found == (
        Text(text="run --a "),
        InputRef(name="a"),
        Text(text=" "),
        Bracket(parts=(Text(text="--b '"), InputRef(name="b"), Text(text="'"))),
        Text(text=" "),
        OutputRef(name="o"),
    )
    assert not codes


def test_lines_that_end_as_on_windows():
    found, _ = parse("run \\\r\n  --a ${{inputs.a}}\r\necho b\r")
    assert found == (Text(text="run \\\n  --a "), InputRef(name="a"), Text(text="\necho b\r"))


def test_brackets_nest():
    found, _ = parse("$[[a $[[b]] c]]")
    assert found == (Bracket(parts=(Text(text="a "), Bracket(parts=(Text(text="b"),)), Text(text=" c"))),)


@pytest.mark.parametrize(
    "text",
    ["echo ${{inputs.x}", "echo ${inputs.x}", "echo $[[ a", "[[ -f x ]] && y", "echo }} ]]", "${{", "$[[ a $[[ b", ""],
)
def test_what_is_not_closed_stays_text(text):
    assert parse(text) == (((Text(text=text),) if text else ()), [])


def test_an_open_bracket_keeps_what_it_holds():
    found, _ = parse("$[[ a ${{inputs.x}} b")
    assert found == (Text(text="$[[ a "), InputRef(name="x"), Text(text=" b"))


def test_attribute_and_groups():
    assert parse("${{inputs.x.path}}")[0] == (InputRef(name="x"),)
    assert parse("${{inputs.g.lr}}")[0] == (InputRef(name="g.lr"),)
    assert parse("${{inputs.g.path}}", {"g.path"})[0] == (InputRef(name="g.path"),)
    assert parse("${{outputs.o.path}}")[0] == (OutputRef(name="o"),)


@pytest.mark.parametrize(
    "expression",
    ["garbage", "inputs", "inputs.", "parent.inputs.x", "name", "search_space.lr", "inputs.a b", "", "INPUTS.x"],
)
def test_expressions_that_mean_nothing(expression):
    found, codes = parse("a ${{" + expression + "}} b")
    assert codes == ["E116"]
    assert found == (Text(text="a  b"),)


def test_the_place_is_the_command_s():
    bag = Bag()
    found = parse_command("${{inputs.x}}${{nope}}", Span("f.yml", 7, 9), bag)
    assert isinstance(found[0], InputRef)
    assert found[0].span == bag.items[0].span == Span("f.yml", 7, 9)
