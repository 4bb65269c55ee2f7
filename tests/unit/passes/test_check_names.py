"""Names of jobs, inputs and outputs."""

import pytest
from tests.support.ir import complaints, component, context, node, pipeline, port

STEP = component()


@pytest.mark.parametrize("name", ["a", "_a", "train_2", "a" * 100])
def test_good_names_of_jobs(name):
    assert complaints(pipeline(node(name, STEP))) == []


@pytest.mark.parametrize("name", ["Train", "2nd", "a-b", "a.b", "", "ä", "a" * 101, "a\n"])
def test_bad_names_of_jobs(name):
    (line,) = complaints(pipeline(node(name, STEP)))
    assert line.startswith(f"E308 {name!r} cannot be the name of a job. A name has lower-case letters")


def test_a_job_name_that_is_used_twice():
    assert complaints(pipeline(node("a", STEP), node("a", STEP, line=30))) == [
        "E307 The job name 'a' is used twice. Another job of the pipeline 'demo' has it already. "
        "Give each job a name of its own."
    ]


def test_names_at_inner_levels():
    inner = pipeline(node("Bad", STEP), name="inner")
    assert [line[:4] for line in complaints(pipeline(node("a", inner), node("b", inner)))] == ["E308"]


@pytest.mark.parametrize("name", ["x", "X1", "group.lr", "_"])
def test_good_names_of_inputs(name):
    assert complaints(pipeline(node("a", STEP), inputs={name: "string=1"})) == []


@pytest.mark.parametrize(
    ("name", "better"), [("have-dash", "have_dash"), ("1st", "_1st"), ("a b", "a_b"), ("", "value")]
)
def test_bad_names_of_inputs(name, better):
    (line,) = complaints(pipeline(node("a", STEP), inputs={name: "string=1"}))
    assert line.startswith(f"E308 {name!r} cannot be the name of an input.")
    assert line.endswith(f"Call it '{better}', for example.")


def test_names_that_differ_only_by_case():
    assert complaints(pipeline(node("a", STEP), inputs={"lr": "string=1", "LR": "string=2"})) == [
        "E309 The inputs 'lr' and 'LR' cannot be told apart. Both become the variable 'LR' in a bundle. "
        "Rename one of them."
    ]


def test_a_group_and_a_name_that_become_one_variable():
    (line,) = complaints(pipeline(node("a", STEP), inputs={"g.lr": "string=1", "g_lr": "string=2"}))
    assert line.startswith("E309 The inputs 'g.lr' and 'g_lr' cannot be told apart")


def test_an_input_and_an_output_may_share_a_name():
    both = component(inputs={"x": "string=1"}, outputs={"x": "uri_folder"})
    assert complaints(pipeline(node("a", both))) == []


def test_components_are_looked_at_too():
    assert [line[:4] for line in complaints(pipeline(node("a", component(outputs={"a-b": "uri_file"}))))] == ["E308"]


def test_what_a_front_end_has_said_is_not_said_again():
    around = context()
    bad = port("a-b", "string=1")
    around.bag.add("E114", bad.span, "it said so")
    assert [line[:4] for line in complaints(pipeline(node("a", component(inputs={"a-b": bad}))), around)] == ["E114"]
