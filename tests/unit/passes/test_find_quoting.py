"""Placeholders of plans carry their quoting."""

from tests.support.ir import component, node, pipeline, planned

from mlc.ir.template import Bracket, InputRef, OutputRef, Quoting, Text


def test_every_placeholder_knows_what_surrounds_it():
    step = component(
        "step",
        "run '${{inputs.a}}' $[[--b \"${{inputs.b}}\" ]] > ${{outputs.o}}",
        {"a": "string=1", "b": "string?"},
        {"o": "uri_file"},
    )
    plan = planned(pipeline(node("x", step), node("y", step)))
    assert plan.task("x").command == (
        Text(text="run '"),
        InputRef(name="a", quoting=Quoting.SINGLE),
        Text(text="' "),
        Bracket(parts=(Text(text='--b "'), InputRef(name="b", quoting=Quoting.DOUBLE), Text(text='" '))),
        Text(text=" > "),
        OutputRef(name="o", quoting=Quoting.WORDS),
    )
    assert plan.task("y").command is plan.task("x").command
