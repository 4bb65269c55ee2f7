"""Placeholders of commands: declared, bracketed where optional, safe."""

from dataclasses import replace

import pytest
from tests.support.ir import complaints, component, node, pipeline, template

from mlc.diagnostics import Span
from mlc.ir.template import Bracket


def said(command, inputs=None, outputs=None, **rest):
    given = dict.fromkeys(inputs or {}, "v")
    return complaints(pipeline(node("a", component("train", command, inputs, outputs, **rest), given)))


def test_a_good_command_says_nothing():
    command = "run --x ${{inputs.x}} $[[--y ${{inputs.y}}]] $[[--x ${{inputs.x}}]] ${{outputs.o}} ${{inputs.z}}"
    assert said(command, {"x": "string", "y": "string?", "z": "string=1"}, {"o": "uri_folder"}) == []


def test_an_undeclared_name():
    assert said("run ${{inputs.epoch}}", {"epochs": "string"}) == [
        "E324 The command of component 'train' uses the input 'epoch', which is not declared. Did you mean 'epochs'?"
    ]


def test_an_output_written_as_an_input():
    assert said("run ${{inputs.model}}", outputs={"model": "uri_folder"}) == [
        "E324 The command of component 'train' uses the input 'model', which is not declared. "
        "There is an output of that name: write ${{outputs.model}}."
    ]


def test_an_optional_input_outside_of_brackets():
    assert said("run ${{inputs.x}}", {"x": "string?"}) == [
        "E325 The optional input 'x' of component 'train' stands outside of $[[ ]] in the command. "
        "Without a value there would be nothing to put there. "
        "Write $[[--x ${{inputs.x}}]], or give it a default."
    ]


def test_a_place_where_no_value_can_stand():
    assert said("run ${V%${{inputs.x}}}", {"x": "string"}) == [
        "E326 ${{inputs.x}} stands where no value can be put in safely in the command of component 'train'. "
        "Inside of this ${...}, outside of quotes, a value could end the expansion, or would be evaluated. "
        "Put it into a variable first: VALUE='${{...}}'."
    ]


def test_a_value_in_a_program_of_another_language():
    assert said('python -c "print(${{inputs.x}})"', {"x": "string"}) == [
        "W307 ${{inputs.x}} becomes part of a program in the command of component 'train'. A value is never evaluated: "
        "the step refuses one that is not plain words (letters, digits, . / - : ...). "
        "Give it to the program as an argument or in a variable of the environment, and read it there."
    ]
    assert said('python -c "print(${{outputs.o}})"', outputs={"o": "uri_file"}) == []
    assert said('bash -c "echo ${{inputs.x}}"; a `cat ${{inputs.x}}`', {"x": "string"}) == []


@pytest.mark.parametrize(
    "command", ["${{inputs.x}} a", "V=1 ${{inputs.x}}", "bash -c 'cd a && ${{inputs.x}}'", "`${{inputs.x}}`"]
)
def test_a_value_that_names_a_command(command):
    assert said(command, {"x": "string"}) == [
        "W308 ${{inputs.x}} stands where a command's name does in the command of component 'train'. A value is never "
        "evaluated: it gives a program and its arguments, and && or ; in it are arguments, too. "
        "Write what joins commands into the command itself, or run a script of the code."
    ]


def test_an_output_may_name_a_program():
    assert said("${{outputs.o}}/run.sh ${{outputs.o}}", outputs={"o": "uri_folder"}) == []


def test_a_shared_component_is_checked_once():
    shared = component("train", "run ${{inputs.x}}")
    assert len(complaints(pipeline(node("a", shared), node("b", shared, line=30)))) == 1


def test_commands_of_python_functions_are_ours():
    made = component(command="run ${{inputs.nope}}", is_python_function=True)
    assert complaints(pipeline(node("a", replace(made, span=Span("steps.py", 3))))) == []
    assert [line[:4] for line in complaints(pipeline(node("a", made)))] == ["E324"]


def test_brackets_without_end():
    deep = template("x")
    for _ in range(5000):
        deep = (Bracket(parts=deep),)
    found = complaints(pipeline(node("a", replace(component(), command=deep))))
    assert [line[:4] for line in found] == ["E326"]
