"""Pipeline functions: parameters, calls, returns, nesting, settings."""

import pytest
from tests.support.scripts import HEAD, script, study

from mlc.ir.pipeline import Literal, PipelineNode
from mlc.ir.types import PortType


def inputs(loaded):
    return {
        item.port.name: (item.port.type, item.value and getattr(item.value, "text", None))
        for item in loaded.pipeline.inputs
    }


def test_parameters_have_the_types_of_annotations_defaults_and_values(tmp_path):
    loaded = script(
        tmp_path,
        f"""{HEAD}
@pipeline()
def p(d, n: int, lr=0.1, s: str = "x", folder: Input(type="uri_file") = None):
    a(data=d, n=n, lr=lr, s=s)

job = p(Input(type="mltable", path="t"), 3, s="y")
""",
    )
    types = {name: kind for name, (kind, _) in inputs(loaded).items()}
    assert types == {
        "d": PortType.MLTABLE,
        "n": PortType.INTEGER,
        "lr": PortType.NUMBER,
        "s": PortType.STRING,
        "folder": PortType.URI_FILE,
    }
    assert inputs(loaded)["n"][1] == "3"
    assert {item.port.name: item.port.default for item in loaded.pipeline.inputs}["lr"] == "0.1"


def test_text_for_data_is_data_on_a_component_and_text_on_a_pipeline(tmp_path):
    loaded = script(
        tmp_path,
        f"""{HEAD}
@pipeline()
def p(d: Input(type="uri_folder")):
    a(data="./src")

job = p(d="./src")
""",
    )
    assert isinstance(loaded.pipeline.inputs[0].value, Literal)
    assert loaded.bound("step_a") == {"data": "data ./src"}


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("p(1, 2, 3)", "E215 8: Pipeline 'p' gets 3 positional arguments"),
        ("p(dd=1)", "E215 8: Pipeline 'p' has no parameter 'dd'"),
        ("p(1, d=2)", "E215 8: Parameter 'd' of pipeline 'p' is given twice"),
        ("p(d=[1])", "E209 8: Input 'd' gets a list"),
    ],
)
def test_calls_that_do_not_fit(tmp_path, call, what):
    text = f"{HEAD}@pipeline()\ndef p(d, n=1):\n    a(data=d)\njob = {call}\n"
    assert script(tmp_path, text).said[0] == what


def test_a_function_can_be_called_twice(tmp_path):
    text = study("x = a(data=d)", call="Input(path='1')") + "job = p(Input(path='2'))\n"
    loaded = script(tmp_path, text)
    assert loaded.nodes == ["x"]
    assert loaded.pipeline.inputs[0].value.uri == "2"


def test_outputs_are_promoted_under_every_name(tmp_path):
    text = (
        f"{HEAD}@pipeline()\ndef p(d):\n    x = a(data=d)\n"
        "    return {'one': x.outputs.out, 'two': x.outputs['out']}\njob = p(Input(path='1'))\n"
    )
    loaded = script(tmp_path, text)
    assert [output.name for output in loaded.pipeline.outputs] == ["one", "two"]
    assert loaded.node("x").outputs[0].promoted_to == ("one", "two")


@pytest.mark.parametrize(
    "returned", ["d", "x.outputs.out", "[x.outputs.out]", "{'o': x}", "{'o': d}", "{1: x.outputs.out}"]
)
def test_bad_returns_are_reported_at_the_return(tmp_path, returned):
    text = f"{HEAD}@pipeline()\ndef p(d):\n    x = a(data=d)\n    return {returned}\njob = p(Input(path='1'))\n"
    loaded = script(tmp_path, text)
    assert [(item.code, item.span.line, item.span.column) for item in loaded.bag.items] == [("E214", 8, 5)]


def test_a_node_that_is_returned_is_an_empty_mapping_as_in_the_reference(tmp_path):
    text = f"{HEAD}@pipeline()\ndef p(d):\n    return a(data=d)\njob = p(Input(path='1'))\n"
    loaded = script(tmp_path, text)
    assert (loaded.bag.items, loaded.nodes, loaded.pipeline.outputs) == ([], ["step_a"], ())


def test_nested_pipelines_and_their_settings(tmp_path):
    loaded = script(
        tmp_path,
        f"""{HEAD}
@pipeline(default_compute="inner")
def inner(d: Input(type="uri_folder"), n: int = 4):
    s = a(data=d, n=n)
    return s.outputs

@pipeline(default_compute="azureml:outer", force_rerun=True)
def outer(d):
    first = inner(d=d)
    last = a(data=first)

job = outer(Input(path="."))
job.settings.continue_on_step_failure = True
job.jobs["last"].compute = "big"
""",
    )
    assert loaded.codes == ["W203"]
    settings = loaded.pipeline.settings
    assert (settings.default_compute, settings.force_rerun, settings.continue_on_step_failure) == ("outer", True, True)
    first = loaded.node("first")
    assert isinstance(first, PipelineNode)
    assert [item.port.default for item in first.pipeline.inputs] == [None, "4"]
    assert loaded.bound("last") == {"data": "first.out"}
    assert loaded.command("last").compute == "big"


def test_a_pipeline_that_calls_itself_ends(tmp_path):
    loaded = script(tmp_path, f"{HEAD}@pipeline()\ndef p():\n    p()\njob = p()\n")
    assert "E215 7: Pipelines are nested more than 100 levels deep" in loaded.said


def test_plain_parameters_are_plain(tmp_path):
    text = (
        f"{HEAD}@pipeline(non_pipeline_inputs=['k'])\ndef p(d, k):\n    for i in range(k):\n        a(data=d, n=i)\n"
        "job = p(Input(path='.'), 2)\n"
    )
    loaded = script(tmp_path, text)
    assert loaded.nodes == ["step_a", "step_a_1"]
    assert [item.port.name for item in loaded.pipeline.inputs] == ["d"]


def test_values_and_outputs_of_a_job_can_be_changed(tmp_path):
    text = (
        f"{HEAD}@pipeline()\ndef p(d, n=1):\n    x = a(data=d, n=n)\n    return x.outputs\njob = p(Input(path='.'))\n"
        "job.inputs.n = 9\njob.inputs.d.mode = 'download'\njob.outputs.out.path = 'azureml://datastores/x/paths/y'\n"
        "job.display_name = 'Shown'\njob.inputs.m = 1\n"
    )
    loaded = script(tmp_path, text)
    values = {item.port.name: item.value for item in loaded.pipeline.inputs}
    assert values["n"].text == "9"
    assert values["d"].mode == "download"
    assert loaded.pipeline.outputs[0].path == "azureml://datastores/x/paths/y"
    assert loaded.pipeline.display_name == "Shown"
    assert loaded.said == ["E215 14: Pipeline 'p' has no input 'm'"]


def test_an_if_on_a_parameter_is_reported_and_the_rest_goes_on(tmp_path):
    text = f"{HEAD}@pipeline()\ndef p(d, deep=True):\n    if deep:\n        x = a(data=d)\njob = p(Input(path='.'))\n"
    loaded = script(tmp_path, text)
    assert loaded.codes == ["E217"]
    assert loaded.nodes == ["x"]


def test_result_is_the_callers_value(tmp_path):
    body = "for i in range(k.result()):\n    a(data=d)"
    assert script(tmp_path, study(body, signature="d, k", call="Input(path='.'), 3")).nodes == [
        "step_a",
        "step_a_1",
        "step_a_2",
    ]


def test_nested_pipelines_declare_their_inputs(tmp_path):
    head = "@pipeline()\ndef inner(data, *, n: int = 1):\n    a(data=data, n=n)\n"
    loaded = script(tmp_path, study("inner(data=d)\ninner(data=d)", head=head))
    assert loaded.said == ["E208 6: Parameter 'data' of pipeline 'inner' has no type"]
    assert loaded.bag.items[0].span.column == 11


@pytest.mark.parametrize(
    ("annotation", "returned", "good"),
    [
        ("Output(type='uri_folder')", "{'output': x.outputs.out}", True),
        ("Output(type='uri_file')", "{'output': x.outputs.out}", False),
        ("Output(type='uri_folder')", "{'other': x.outputs.out}", False),
        ("Output(type='uri_folder')", "None", False),
        ("dict", "{'other': x.outputs.out}", True),
    ],
)
def test_a_return_annotation_has_to_be_right(tmp_path, annotation, returned, good):
    head = "from azure.ai.ml import Output\n"
    text = study(f"x = a(data=d)\nreturn {returned}", head=head).replace("def p(d):", f"def p(d) -> {annotation}:")
    assert script(tmp_path, text).codes == ([] if good else ["E214"])


def test_a_range_of_a_parameter(tmp_path):
    loaded = script(
        tmp_path, study("for i in range(n):\n    a(data=d)", signature="d, n: int", call="Input(path='.'), 2")
    )
    assert loaded.codes == ["E217"]


def test_the_result_of_a_default_is_none_as_in_the_reference(tmp_path):
    text = study("for i in range(k.result() or 1):\n    a(data=d)", signature="d, k: int = 3")
    assert script(tmp_path, text).nodes == ["step_a"]


def test_a_compute_may_be_an_entity(tmp_path):
    head = "from azure.ai.ml.entities import AmlCompute\n"
    loaded = script(tmp_path, study("a(data=d)", head=head) + "job.settings.default_compute = AmlCompute(name='big')\n")
    assert loaded.pipeline.settings.default_compute == "big"


def test_settings_of_a_parameter_that_is_an_output_are_said_to_be_lost(tmp_path):
    head = "from azure.ai.ml import Output"
    signature = "d, x: Output(type='uri_folder', mode='upload'), y: Output(type='uri_file')"
    loaded = script(tmp_path, study("n = a(data=d)\nreturn {'x': n.outputs.out}", head=head, signature=signature))
    assert loaded.said == ["W103 7: What parameter 'x' says of an output (mode) has no effect"]
    assert loaded.pipeline.outputs[0].mode is None
