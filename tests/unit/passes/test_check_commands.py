"""Placeholders of commands: declared, bracketed where optional, safe."""

from dataclasses import replace

from tests.support.ir import complaints, component, node, pipeline, template

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
    assert said("run `cat ${{inputs.x}}`", {"x": "string"}) == [
        "E326 ${{inputs.x}} stands where no value can be put in safely in the command of component 'train'. "
        "Between backticks a value would be read twice; write $(...) instead. "
        "Put it into a variable first: VALUE='${{...}}'."
    ]


def test_a_shared_component_is_checked_once():
    shared = component("train", "run ${{inputs.x}}")
    assert len(complaints(pipeline(node("a", shared), node("b", shared, line=30)))) == 1


def test_commands_of_python_functions_are_ours():
    assert said("run ${{inputs.nope}}", is_python_function=True) == []


def test_brackets_without_end():
    deep = template("x")
    for _ in range(5000):
        deep = (Bracket(parts=deep),)
    found = complaints(pipeline(node("a", replace(component(), command=deep))))
    assert [line[:4] for line in found] == ["E326"]
