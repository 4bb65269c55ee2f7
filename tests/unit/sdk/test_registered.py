"""What a script registers can be used by name: in its own nodes, in YAML that it loads, by what it gets back."""

import pytest
from tests.support.scripts import HEAD, script, study

from mlc.ir.asset import AssetKind, parse_reference
from mlc.ir.environment import ImageEnvironment, NamedEnvironment
from mlc.ir.pipeline import CommandNode, Data

CLIENT = """
from azure.ai.ml import MLClient, load_component, load_job
from azure.ai.ml.entities import Data, Environment, Model
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential
ml_client = MLClient.from_config(credential=DefaultAzureCredential())
"""
COMPONENT = """
name: train
version: 4
command: ls ${{inputs.data}}
environment: azureml:ours@latest
inputs: {data: {type: uri_folder}}
"""


def first(loaded):
    node = loaded.pipeline.nodes[0]
    assert isinstance(node, CommandNode), loaded.said
    return node


def test_a_component_that_is_registered_is_found_by_a_pipeline_in_yaml(tmp_path):
    text = f"""{HEAD}{CLIENT}
ml_client.components.create_or_update(a)
job = load_job("pipe.yml")
ml_client.jobs.create_or_update(job)
"""
    yaml = (
        "type: pipeline\njobs:\n  x: {component: azureml:step_a@latest, inputs: {data: {type: uri_folder, path: .}}}\n"
    )
    loaded = script(tmp_path, text, pipe_yml=yaml)
    assert loaded.said == []
    assert first(loaded).component.name == "step_a"


def test_an_environment_that_is_registered_is_found_when_names_are_resolved(tmp_path):
    head = f"{CLIENT}ml_client.environments.create_or_update(Environment(name='ours', image='python:3.11'))\n"
    head += "t = load_component('train.yml')\n"
    loaded = script(tmp_path, study("x = t(data=d)", head=head), train_yml=COMPONENT)
    assert loaded.said == []
    wanted = first(loaded).component.environment
    assert wanted == NamedEnvironment(name="ours", version="latest")
    assert loaded.names.environment(wanted) == ImageEnvironment(image="python:3.11", name="ours")
    assert loaded.names.environment(NamedEnvironment(name="ours", version="2")) is None


@pytest.mark.parametrize("name", ["azureml:mine:5", "azureml:mine@latest", "azureml:mine"])
def test_data_that_is_registered_is_found_by_name(tmp_path, name):
    (tmp_path / "raw").mkdir()
    head = f"{CLIENT}ml_client.data.create_or_update(Data(name='mine', version='5', path='./raw', type='uri_folder'))\n"
    loaded = script(tmp_path, study("x = a(data=d)", head=head, call=f"Input(path='{name}')"))
    assert loaded.said == []
    wanted = parse_reference(name, AssetKind.DATA)
    assert wanted is not None
    found = loaded.names.data(wanted)
    assert found is not None
    assert (found.local, found.origin) == (str(tmp_path / "raw"), "the script")


def test_data_of_the_tree_can_be_got_by_a_client(tmp_path):
    (tmp_path / "raw").mkdir()
    head = f"{CLIENT}got = ml_client.data.get(name='mine', label='latest')\nassert got.version == '7', got.version\n"
    loaded = script(
        tmp_path,
        study("x = a(data=d)", head=head, call="Input(type=got.type, path=got.path)"),
        data_yml="name: mine\nversion: 7\ntype: uri_folder\npath: ./raw\n",
    )
    assert loaded.said == []
    value = loaded.pipeline.inputs[0].value
    assert isinstance(value, Data)
    assert value.local == str(tmp_path / "raw")


def test_a_script_that_expects_that_it_is_missing_gets_the_exception(tmp_path):
    head = f"""{CLIENT}
try:
    ml_client.data.get('nowhere', version='1')
except ResourceNotFoundError:
    found = False
assert found is False
try:
    env = ml_client.environments.get('AzureML-sklearn-1.5', version='3')
except ResourceNotFoundError:
    env = None
assert env is not None
"""
    assert script(tmp_path, study("x = a(data=d)", head=head)).said == []


def test_versions_are_listed_newest_first(tmp_path):
    head = f"""{CLIENT}
assert max(int(item.version) for item in ml_client.components.list(name='train')) == 10
assert [item.version for item in ml_client.data.list(name='nowhere')] == ['1']
"""
    old, new = COMPONENT.replace("version: 4", "version: 9"), COMPONENT.replace("version: 4", "version: 10")
    loaded = script(tmp_path, study("x = a(data=d)", head=head), old_yml=old, new_yml=new)
    assert loaded.said == []


def test_a_list_of_all_has_what_the_tree_has(tmp_path):
    head = f"""{CLIENT}
assert [(item.name, item.version) for item in ml_client.components.list()] == [('train', '9')]
assert list(ml_client.data.list()) == []
"""
    loaded = script(tmp_path, study("x = a(data=d)", head=head), one_yml=COMPONENT.replace("version: 4", "version: 9"))
    assert loaded.said == []


def test_a_list_of_all_reads_no_file_that_nobody_uses(tmp_path):
    head = f"""{CLIENT}
assert [item.name for item in ml_client.components.list()] == ['train']
"""
    broken = COMPONENT.replace("version: 4", "version: 4\ncode: ./nowhere")
    assert script(tmp_path, study("x = a(data=d)", head=head), one_yml=broken).said == []


def test_a_registered_pipeline_function_says_its_name_and_version(tmp_path):
    text = f"""{HEAD}{CLIENT}
@pipeline(version="3")
def p(d):
    a(data=d)

got = ml_client.components.create_or_update(p)
assert (got.name, got.version, got.id) == ("p", "3", "azureml:p:3"), got.id
job = got(d=Input(path="."))
"""
    assert script(tmp_path, text).said == []
