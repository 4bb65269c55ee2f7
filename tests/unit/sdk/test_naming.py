"""Names of nodes. That they are the reference's is what tests/conformance compares; here: the rule, and mistakes."""

from tests.support.scripts import script, study

from mlc.sdk.naming import sanitized


def nodes(tmp_path, body: str):
    return script(tmp_path, study(body))


def test_variables_name_nodes(tmp_path):
    assert nodes(tmp_path, "x = a(data=d)\ny = a(data=x)").nodes == ["x", "y"]


def test_the_last_of_several_variables_wins(tmp_path):
    assert nodes(tmp_path, "first = a(data=d)\nsecond = first").nodes == ["second"]


def test_anonymous_nodes_take_the_name_of_the_last_named_one_of_their_component(tmp_path):
    body = "x = a(data=d)\na(data=d)\nfor i in range(2):\n    z = a(data=d)\ntwo(data=d)"
    assert nodes(tmp_path, body).nodes == ["x", "z_1", "z_2", "z", "two_out"]


def test_the_components_name_where_no_node_is_named(tmp_path):
    assert nodes(tmp_path, "a(data=d)\n_ = a(data=d)\nkept = [a(data=d)]").nodes == ["step_a", "step_a_1", "step_a_2"]


def test_a_name_that_was_set_wins_over_the_variable(tmp_path):
    loaded = nodes(tmp_path, "x = a(data=d)\nx.name = 'Other'")
    assert loaded.nodes == ["other"]
    assert loaded.codes == ["W201"]


def test_variables_of_helpers_do_not_count(tmp_path):
    body = "def helper():\n    inner = a(data=d)\n    return inner\nmine = helper()\nhelper()"
    assert nodes(tmp_path, body).nodes == ["mine", "mine_1"]


def test_an_upper_case_variable_is_reported_where_the_node_is_made(tmp_path):
    loaded = nodes(tmp_path, "MyNode = a(data=d)")
    assert loaded.said == ["E308 8: The node name 'MyNode' is not allowed"]


def test_two_nodes_of_one_name(tmp_path):
    loaded = nodes(tmp_path, "x = a(data=d)\ny = a(data=d)\ny.name = 'x'")
    assert loaded.codes == ["E307"]


def test_names_of_components_as_names_of_nodes():
    assert [sanitized(name) for name in ("Train It", "2nd-try", "a__b", "é")] == ["train_it", "n2nd_try", "a_b", "é"]


def test_commands_without_a_name(tmp_path):
    head = "from azure.ai.ml import command\nc = command(display_name='Say It', command='echo', environment='e:1')\n"
    loaded = script(tmp_path, study("c()\nc()", head=head))
    assert loaded.nodes == ["azureml_anonymous", "azureml_anonymous_1"]
    assert loaded.command("azureml_anonymous").component.name == "say_it"
