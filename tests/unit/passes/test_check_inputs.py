"""Inputs that are missing, unknown or possibly absent."""

import pytest
from tests.support.ir import at, complaints, component, context, data, given, node, out, pipeline

USE = component("use", inputs={"data": "uri_folder", "lr": "number=0.1", "note": "string?"})


def test_all_is_given(tmp_path):
    assert complaints(pipeline(node("b", USE, {"data": data(tmp_path)}))) == []


def test_a_required_input_is_missing():
    around = context()
    assert complaints(pipeline(node("b", USE)), around) == [
        "E313 Job 'b' gets no input 'data'. The component 'use' requires it (uri_folder). "
        "Bind 'data', or declare it optional or with a default."
    ]
    assert around.bag.items[0].span == at(20)


def test_an_unknown_input(tmp_path):
    around = context()
    assert complaints(pipeline(node("b", USE, {"data": data(tmp_path), "LRR": 1})), around) == [
        "E314 The component 'use' has no input 'LRR'. Job 'b' gives it one. Did you mean 'lr'?"
    ]
    assert around.bag.items[0].span == at(20, 11)


def test_an_input_of_a_component_without_any():
    (line,) = complaints(pipeline(node("b", component(), {"x": 1})))
    assert line.endswith("There are no inputs at all.")


def test_a_pipeline_input_without_a_value():
    around = context()
    assert complaints(pipeline(node("b", USE, {"data": given("raw")}), inputs={"raw": "uri_folder"}), around) == [
        "E313 The input 'raw' of the pipeline 'demo' has no value. It is required, and jobs use it. "
        "Pass raw=... where the pipeline is called, or give it a default."
    ]
    assert around.bag.items[0].span == at(3, 3)


def test_a_pipeline_input_that_nobody_uses_needs_no_value():
    assert complaints(pipeline(node("b", component()), inputs={"raw": "uri_folder"})) == []


@pytest.mark.parametrize(("target", "needed"), [("note", False), ("lr", True), ("data", True)])
def test_only_what_a_job_needs_is_needed(target, needed, tmp_path):
    bound = {"data": data(tmp_path)} | {target: given("maybe")}
    inner = pipeline(node("s", USE, bound), inputs={"maybe": "string"}, name="in")
    whole = pipeline(node("a", inner, {"maybe": given("maybe")}), inputs={"maybe": "string"})
    for checked in (pipeline(node("s", USE, bound), inputs={"maybe": "string"}), whole):
        assert any(line.startswith("E313 The input 'maybe'") for line in complaints(checked)) is needed


def test_a_nested_pipeline_needs_what_its_jobs_use():
    inner = pipeline(node("s", USE, {"data": given("d")}), inputs={"d": "uri_folder", "unused": "string"}, name="in")
    (line,) = complaints(pipeline(node("a", inner)))
    assert line.startswith("E313 Job 'a' gets no input 'd'. The pipeline 'in' requires it (uri_folder).")


@pytest.mark.parametrize(
    ("declared", "target", "bad"),
    [("uri_folder?", "data", True), ("number?", "lr", False), ("string?", "note", False), ("string=x", "note", False)],
)
def test_an_optional_pipeline_input(declared, target, bad, tmp_path):
    inputs = {"data": data(tmp_path)} | {target: given("maybe")}
    found = complaints(pipeline(node("b", USE, inputs), inputs={"maybe": declared}))
    if bad:
        assert found == [
            "E321 The optional pipeline input 'maybe' is bound to the required input 'data'. "
            "Job 'b' could not run without it. Give 'maybe' a default, or declare 'data' optional."
        ]
    else:
        assert found == []


def test_a_component_of_many_nodes():
    make = component("make", outputs={"out": "uri_folder"})
    nodes = [node("m", make)] + [node(f"n{i}", USE, {"data": out("m")}) for i in range(1000)]
    assert complaints(pipeline(*nodes)) == []
