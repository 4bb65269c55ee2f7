"""References to what is not there."""

from tests.support.ir import complaints, component, given, input_of, joined, node, out, pipeline

MAKE = component("make", outputs={"data": "uri_folder"}, inputs={"seed": "integer=1"})
USE = component("use", inputs={"data": "uri_folder", "text": "string=x"})


def said(value, name="data"):
    others = {"data": out("make", "data")} if name != "data" else {}
    return complaints(
        pipeline(node("make", MAKE), node("use", USE, {name: value} | others), inputs={"raw": "uri_folder?"})
    )


def test_an_unknown_job():
    assert said(out("mak", "data")) == [
        "E301 There is no job 'mak' in the pipeline 'demo'. Did you mean 'make'?",
    ]


def test_an_unknown_output():
    assert said(out("make", "model")) == ["E302 Job 'make' has no output 'model'. The outputs are: 'data'."]


def test_an_unknown_pipeline_input():
    assert said(given("row")) == ["E303 The pipeline 'demo' has no input 'row'. Did you mean 'raw'?"]


def test_an_unknown_input_of_a_job():
    assert said(input_of("make", "sed"), "text") == ["E304 Job 'make' has no input 'sed'. Did you mean 'seed'?"]


def test_an_unknown_job_whose_input_is_meant():
    assert [line[:4] for line in said(input_of("nobody", "x"), "text")] == ["E301"]


def test_an_unknown_name_inside_of_text():
    assert [line[:4] for line in said(joined("a", given("nope"), out("nobody", "x")), "text")] == ["E303", "E301"][::-1]


def test_a_pipeline_output_that_is_not_declared():
    found = complaints(pipeline(node("make", MAKE, outputs={"data": "result"}), outputs=("results",)))
    assert found == [
        "E305 The pipeline 'demo' has no output 'result'. The output 'data' of job 'make' is bound to it. "
        "Did you mean 'results'?",
    ]


def test_an_expression_that_stayed_text():
    assert said("${{ garbage }}", "text") == [
        "E323 '${{ garbage }}' in the input 'text' of job 'use' is not understood. Write ${{parent.inputs.NAME}}, "
        "${{parent.jobs.JOB.outputs.NAME}} or ${{parent.jobs.JOB.inputs.NAME}}."
    ]


def test_the_one_expression_that_is_text():
    warning = "W309 '${{parent.name}}' in the input 'text' of job 'use' stays text."
    assert [line.split(" A pipeline")[0] for line in said("${{parent.name}}", "text")] == [warning]
    assert [line[:4] for line in said("of ${{ parent.name }}", "text")] == ["W309"]
    assert [line[:4] for line in said("${{parent.name}} ${{parent.names}}", "text")] == ["E323"]


def test_what_only_looks_like_one():
    assert said("${HOME} {{x}} ${{unclosed", "text") == []


def test_outputs_of_nested_pipelines():
    inner = pipeline(node("make", MAKE, outputs={"data": "res"}), outputs=("res",), name="inner")
    assert complaints(pipeline(node("a", inner), node("use", USE, {"data": out("a", "res")}))) == []
    assert [
        line[:4] for line in complaints(pipeline(node("a", inner), node("use", USE, {"data": out("a", "data")})))
    ] == ["E302"]
