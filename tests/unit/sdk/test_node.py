"""Nodes: attributes, outputs, inputs, settings; traps of the reference are reported."""

import pytest
from tests.support.scripts import script, study

from mlc.ir.types import Mode


def body(tmp_path, text):
    return script(tmp_path, study(text))


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("a(d)", "E210", "Component 'step_a' is called with positional arguments"),
        ("a(data=two(data=d))", "E211", "Input 'data' gets a whole node that has 2 outputs (one, two)"),
        ("x = a(data=d); a(data=x['out'])", "E216", "node['out'] is not how an output is reached"),
        ("x = a(data=d); x.run_after(x)", "E216", "A node has no attribute 'run_after'"),
        ("x = a(data=d); print(x.out)", "E216", "A node has no attribute 'out'"),
        ("x = a(data=d); a(data=x.inputs.data)", "E218", "Input 'data' is bound to another node's input"),
        ("a(data=d, n=[1])", "E209", "Input 'n' gets a list"),
        ("a(data=d, n=object)", "E209", "Input 'n' gets a type"),
        ("a(Data=d)", "W202", "Input 'Data' is taken for 'data'"),
        ("a(data=Input(type='uri_folder'))", "E209", "Input 'data' gets an Input without a path"),
        ("a(data=Input(type='folder', path='x'))", "E208", "Input 'data' has the unknown type 'folder'"),
        ("x = a(data=d); x.inputs.data.mode = 'mounted'", "E208", "Input 'data' has the unknown mode 'mounted'"),
    ],
)
def test_mistakes_are_reported_at_their_line(tmp_path, line, code, what):
    loaded = body(tmp_path, line)
    assert [(item.code, item.what, item.span.line) for item in loaded.bag.sorted()] == [(code, what, 8)]


def test_an_input_of_command_with_a_bad_value_gives_one_message_only(tmp_path):
    job = "command(command='echo ${{inputs.m}}', inputs={'m': [1]}, environment='x:1')()"
    loaded = body(tmp_path, f"from azure.ai.ml import command\nx = {job}")
    assert loaded.said == ["E209 9: Input 'm' of command() is a list"]
    # Passes say nothing more about a broken port, also not that nothing is bound to it.
    assert loaded.command("x").component.inputs[0].broken


@pytest.mark.parametrize(
    "line",
    [
        "return {'m': x.output.out}",
        "return x.output",
        "a(data=x.output.out)",
        "a(data=x.output['out'])",
        "x.output.out.mode = 'upload'",
        "list(x.output)",
    ],
)
def test_an_attribute_that_is_no_nodes_is_reported_once_whatever_is_done_with_it(tmp_path, line):
    assert body(tmp_path, f"x = a(data=d)\n{line}").said == ["E216 9: A node has no attribute 'output'"]


def test_two_calls_on_a_line_have_their_own_places(tmp_path):
    loaded = body(tmp_path, "x = a(data=d); y = a(data=x)")
    assert [node.span.column for node in loaded.pipeline.nodes] == [9, 24]


def test_columns_count_characters(tmp_path):
    loaded = body(tmp_path, "ä = 'ö'; x = a(data=d)")
    assert loaded.node("x").span.column == 18


def test_settings(tmp_path):
    loaded = body(
        tmp_path,
        """
x = a(data=d)
x.compute = "azureml:gpu"
x.resources.instance_count = 1
x.set_limits(timeout=60)
x.environment_variables = {"A": 1, "B": True}
x.distribution = {"type": "PyTorch", "process_count_per_instance": 1}
x.display_name = "Shown"
x.outputs.out.mode = "upload"
x.inputs.data.mode = "download"
x.is_deterministic = False
""",
    )
    node = loaded.command("x")
    assert (node.compute, node.resources.instance_count, node.timeout) == ("gpu", 1, 60)
    assert node.environment_variables == (("A", "1"), ("B", "True"))
    assert node.distribution is not None
    assert (node.distribution.type, node.display_name) == ("pytorch", "Shown")
    assert node.outputs[0].mode is Mode.UPLOAD
    assert node.inputs[0].value.mode is Mode.DOWNLOAD
    assert not node.component.is_deterministic
    assert loaded.codes == []


def test_outputs_can_be_set_whole(tmp_path):
    given = "type='uri_folder', mode='upload', path='p', name='n', version='2'"
    text = f"from azure.ai.ml import Output\nx = a(data=d)\nx.outputs.out = Output({given})"
    output = body(tmp_path, text).node("x").outputs[0]
    assert (output.mode, output.path, output.asset_name, output.asset_version) == (Mode.UPLOAD, "p", "n", "2")
    assert output.type is None


def test_resources_of_one_node_are_not_those_of_another(tmp_path):
    loaded = body(tmp_path, "x = a(data=d)\nx.set_resources(instance_count=4)\ny = a(data=d)")
    assert loaded.command("y").resources.instance_count is None


def test_calling_a_node_again_keeps_its_settings(tmp_path):
    loaded = body(tmp_path, "x = a(data=d, n=5)\nx.compute = 'big'\ny = x(lr=0.1)")
    assert loaded.bound("y") == {"data": "input d", "n": "5", "lr": "0.1"}
    assert loaded.command("y").compute == "big"


def test_values_are_spelled_as_the_service_gets_them(tmp_path):
    loaded = body(tmp_path, "x = a(data=d, n=True, lr=0.1 + 0.2, s='a  b')\ny = a(data=d, n='007', lr=1e-05)")
    assert loaded.bound("x") == {"data": "input d", "n": "True", "lr": "0.30000000000000004", "s": "a  b"}
    assert loaded.bound("y") == {"data": "input d", "n": "007", "lr": "1e-05"}


@pytest.mark.parametrize("value", ["None", "x.outputs.out if False else None"])
def test_none_is_no_value(tmp_path, value):
    assert body(tmp_path, f"x = a(data=d)\ny = a(data=d, s={value})").bound("y") == {"data": "input d"}


def test_a_dict_with_a_path_is_data(tmp_path):
    loaded = body(tmp_path, "x = a(data={'type': 'uri_folder', 'path': './raw', 'mode': 'download'})")
    assert loaded.bound("x") == {"data": "data ./raw"}
    assert loaded.node("x").inputs[0].value.mode is Mode.DOWNLOAD


def test_an_environment_on_a_node_has_no_effect(tmp_path):
    loaded = body(tmp_path, "x = a(data=d)\nx.environment = 'azureml:other:1'")
    assert loaded.codes == ["W103"]
    assert loaded.command("x").component.environment.name == "env"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x.jeepney = 3", "W206 9: The attribute 'jeepney' of a node means nothing to mlc and is ignored"),
        ("x.foo.bar = 3", "W206 9: The attribute 'foo.bar' of a node means nothing to mlc and is ignored"),
        ("x.foo['bar'] = 3", "W206 9: The attribute \"foo['bar']\" of a node means nothing to mlc and is ignored"),
        ("x.foo()", "E216 9: A node has no attribute 'foo'"),
        ("a(data=d, s=f'{x.foo}')", "E216 9: A node has no attribute 'foo'"),
        ("a(data=x.foo)", "E216 9: A node has no attribute 'foo'"),
        ("x.computee.a = 3", "E216 9: A node has no attribute 'computee'"),
    ],
)
def test_attributes_that_no_step_has(tmp_path, line, said):
    assert body(tmp_path, f"x = a(data=d)\n{line}").said == [said]


def test_reading_what_is_unknown_says_nothing(tmp_path):
    assert body(tmp_path, "x = a(data=d)\nassert not x.foo and not len(x.foo.bar) and not list(x.foo)").said == []


def test_an_environment_on_a_node_is_warned_about_where_it_is_set(tmp_path):
    loaded = body(tmp_path, "x = a(data=d)\n\nx.environment = 'azureml:other:1'")
    assert [(item.code, item.span.line) for item in loaded.bag.sorted()] == [("W103", 10)]


def test_messages_point_at_the_keyword(tmp_path):
    loaded = body(tmp_path, "x = a(data=d, n=[1])\ny = a(data=x,\n      s=[2])")
    assert [(item.span.line, item.span.column) for item in loaded.bag.sorted()] == [(8, 19), (10, 11)]


def test_data_is_shared_by_its_uses(tmp_path):
    text = "raw = Input(path='raw')\nx = a(data=raw)\ny = a(data=raw)\ny.inputs.data.mode = 'direct'"
    loaded = body(tmp_path, text)
    assert [node.inputs[0].value.mode for node in loaded.pipeline.nodes] == ["direct", "direct"]


def test_paths_are_changed_where_data_is_bound(tmp_path):
    text = "x = a(data='one')\nx.inputs.data.path = 'two'\ny = a(data=d)\ny.inputs.data.path = 'three'"
    loaded = body(tmp_path, text)
    assert loaded.bound("x") == {"data": "data two"}
    assert loaded.pipeline.inputs[0].value.uri == "three"


def test_a_path_of_what_is_no_data(tmp_path):
    assert body(tmp_path, "x = a(data=d, n=3)\nx.inputs.n.path = 'two'").codes == ["E209"]


def test_a_mode_stays_when_an_input_is_bound_again(tmp_path):
    loaded = body(tmp_path, "x = a(data=d)\nx.inputs.data.mode = 'download'\nx.inputs.data = d")
    assert loaded.node("x").inputs[0].value.mode is Mode.DOWNLOAD


def test_other_data_brings_its_own_mode(tmp_path):
    loaded = body(tmp_path, "x = a(data=Input(path='one', mode='download'))\nx.inputs.data = 'two'")
    assert (loaded.bound("x"), loaded.node("x").inputs[0].value.mode) == ({"data": "data two"}, None)


def test_an_output_is_set_anew(tmp_path):
    text = "x = a(data=d)\nx.outputs.out.path = 'p'\nx.outputs.out = Output(mode='upload')"
    loaded = script(tmp_path, study(text, head="from azure.ai.ml import Output"))
    assert (loaded.node("x").outputs[0].mode, loaded.node("x").outputs[0].path) == (Mode.UPLOAD, None)


def test_an_output_s_place_is_the_line_that_sets_its_path(tmp_path):
    loaded = script(tmp_path, study("x = a(data=d)\nx.outputs.out.mode = 'upload'\nx.outputs.out.path = './there'"))
    (output,) = loaded.command("x").outputs
    assert output.span.line == 10
