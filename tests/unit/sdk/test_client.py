"""``MLClient`` and what scripts do with it; nothing is contacted."""

import pytest
from tests.support.scripts import HEAD, script, study

from mlc.ir.environment import ImageEnvironment

CLIENT = """
from azure.ai.ml import MLClient
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential
ml_client = MLClient.from_config(credential=DefaultAzureCredential())
"""
JOB = """
@pipeline()
def p(d):
    x = a(data=d)
"""


@pytest.mark.parametrize(
    "made",
    [
        "MLClient.from_config()",
        "MLClient.from_config(DefaultAzureCredential(), path='missing/config.json')",
        "MLClient(DefaultAzureCredential(), 's', 'g', 'w')",
        "MLClient(credential=None, subscription_id='s', resource_group_name='g', workspace_name='w')",
        "MLClient(DefaultAzureCredential(), registry_name='azureml')",
    ],
)
def test_every_construction(tmp_path, made):
    text = f"{HEAD}{CLIENT}{JOB}client = {made}\nclient.jobs.create_or_update(p(Input(path='.')))\n"
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert loaded.nodes == ["x"]


def test_what_is_submitted_is_compiled_as_it_is_then(tmp_path):
    text = (
        f"{HEAD}{CLIENT}{JOB}job = p(Input(path='.'))\njob.jobs['x'].compute = 'before'\n"
        "sent = ml_client.jobs.create_or_update(job, experiment_name='tries')\njob.jobs['x'].compute = 'after'\n"
        "other = p(Input(path='2'))\n"
        "ml_client.jobs.stream(sent.name)\nwhile ml_client.jobs.get(sent.name).status != 'Completed':\n    pass\n"
        "ml_client.jobs.download(name=sent.name, download_path='.')\nprint(sent.studio_url)\nraise SystemExit(0)\n"
    )
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert loaded.command("x").compute == "before"
    assert loaded.pipeline.experiment_name == "tries"


def test_generic_create_or_update_submits_jobs_too(tmp_path):
    assert script(tmp_path, f"{HEAD}{CLIENT}{JOB}ml_client.create_or_update(p(Input(path='.')))\n").nodes == ["x"]


def test_a_command_job_is_a_pipeline_of_one(tmp_path):
    text = "job = a(data=Input(path='./raw'), n=4)\njob.display_name = 'One Step'\nml_client.create_or_update(job)\n"
    loaded = script(tmp_path, f"{HEAD}{CLIENT}{text}")
    assert loaded.nodes == ["one_step"]
    assert loaded.bound("one_step") == {"data": "data ./raw", "n": "4"}
    assert [output.name for output in loaded.pipeline.outputs] == ["out"]


def test_components_can_be_registered_and_had_back(tmp_path):
    head = """
try:
    b = ml_client.components.get(name="step_a", version="7")
except Exception:
    b = ml_client.components.create_or_update(a.component, version="7")
c = ml_client.components.get("step_a")
assert c.version == "7"
assert [x.name for x in ml_client.components.list()] == ["step_a"]
"""
    loaded = script(tmp_path, study("x = c(data=d)", head=CLIENT + head))
    assert loaded.said == []
    assert loaded.command("x").component.version == "7"


def test_components_of_the_sources_tree_are_found_by_name(tmp_path):
    yaml = """
    name: beside
    type: command
    command: echo ${{inputs.data}}
    environment: {image: i}
    inputs: {data: {type: uri_folder}}
    """
    text = study("x = b(data=d)", head=f"{CLIENT}b = ml_client.components.get('beside')\n")
    loaded = script(tmp_path, text, sub__beside_yml=yaml)
    assert loaded.said == []
    assert loaded.command("x").component.name == "beside"


@pytest.mark.parametrize("client", ["ml_client", "MLClient(DefaultAzureCredential(), registry_name='azureml')"])
def test_components_from_elsewhere_are_refused_once(tmp_path, client):
    head = f"{CLIENT}b = {client}.components.get('far', version='1')\n"
    loaded = script(tmp_path, study("x = b(data=d)\na(data=x.outputs.any)", head=head))
    assert loaded.codes == ["E520"]
    assert loaded.nodes == ["x", "step_a"]


def test_data_and_environments_come_back(tmp_path):
    head = """
from azure.ai.ml import command
from azure.ai.ml.entities import Data, Environment
ml_client.data.create_or_update(Data(name="raw", path="./raw", type="uri_folder"))
raw = ml_client.data.get("raw", version="1")
env = ml_client.environments.create_or_update(Environment(name="mine", image="img:1"))
c = command(
    name="c",
    command="echo ${{inputs.d}}",
    environment=f"{env.name}:{env.version}",
    inputs={"d": Input(type="uri_folder")},
)
"""
    loaded = script(tmp_path, study("x = c(d=d)", head=CLIENT + head, call="Input(type='uri_folder', path=raw.path)"))
    assert loaded.said == []
    assert loaded.command("x").component.environment == ImageEnvironment(image="img:1", name="mine")
    assert loaded.pipeline.inputs[0].value.uri == "./raw"


def test_computes_have_a_name_and_are_there(tmp_path):
    head = """
from azure.ai.ml.entities import AmlCompute
try:
    c = ml_client.compute.get("cpu")
except ResourceNotFoundError:
    c = ml_client.compute.begin_create_or_update(AmlCompute(name="no")).result()
assert c.name == "cpu" and c.size is not None and c.provisioning_state == "Succeeded"
"""
    loaded = script(tmp_path, study("x = a(data=d)\nx.compute = c", head=CLIENT + head))
    assert loaded.said == []
    assert loaded.command("x").compute == "cpu"


def test_submitting_the_function_instead_of_a_job(tmp_path):
    loaded = script(tmp_path, f"{HEAD}{CLIENT}{JOB}ml_client.jobs.create_or_update(p)\n")
    assert loaded.said == ["E221 14: The pipeline function 'p' is submitted"]


def test_odd_uses_of_the_client(tmp_path):
    head = """
import urllib
from azure.ai.ml.entities import CommandComponent, JobSchedule
from azure.ai.ml.entities._job.automl import anything
ml_client.schedules.begin_create_or_update(schedule=JobSchedule(name="s")).result()
ml_client._workspaces.get("w")
assert "x" not in ml_client.models.get("m", label="latest").tags
assert max(int(m.version) for m in ml_client.models.list(name="m")) == 1
assert ml_client.data.get("far", version="7").path == "azureml:far:7"
assert urllib.request.urlopen
c = CommandComponent(name="c", command="echo ${{inputs.d}}", environment="e:1", inputs={"d": {"type": "uri_folder"}})
assert "c" in c._func.__name__
"""
    loaded = script(tmp_path, study("x = c(d=d)", head=CLIENT + head))
    assert loaded.said == []
    assert loaded.bound("x") == {"d": "input d"}


def test_sizes_of_computes(tmp_path):
    head = """
from azure.ai.ml.entities import AmlCompute
cluster = AmlCompute(name="mine", size="STANDARD_NC12", max_instances=2)
ml_client.compute.begin_create_or_update(cluster).wait()
size = {item.name.lower(): item for item in ml_client.compute.list_sizes()}
assert size[ml_client.compute.get("mine").size.lower()].gpus == 2
assert size[ml_client.compute.get("gpu-big").size.lower()].gpus == 1
assert size[ml_client.compute.get("other").size.lower()].gpus == 0
assert [item.name for item in ml_client.compute.list()] == ["mine"]
"""
    assert script(tmp_path, study("x = a(data=d)", head=CLIENT + head)).said == []


def test_a_pipeline_registered_as_a_component(tmp_path):
    text = f"""{HEAD}{CLIENT}
@pipeline()
def inner(data: Input(type="uri_folder")):
    y = a(data=data)
    return {{"out": y.outputs.out}}
one = ml_client.components.create_or_update(inner().component)
two = ml_client.components.create_or_update(inner._pipeline_builder.build())
ml_client.components.create_or_update(inner(data=Input(path=".")))
assert ml_client.components.get("inner") is one is two

@pipeline()
def outer(d):
    first = one(data=d)
    if d._data is not None:
        second = two(data=first.outputs.out)
ml_client.jobs.create_or_update(outer(Input(path=".")))
"""
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert loaded.nodes == ["first", "second"]


def test_what_comes_after_the_submission(tmp_path):
    text = f"""{HEAD}{CLIENT}{JOB}
import time
from azure.ai.ml.entities import BatchEndpoint, ManagedOnlineDeployment, ManagedOnlineEndpoint
job = ml_client.jobs.create_or_update(p(Input(path=".")), compute="cpu", tags={{"a": "b"}})
ml_client.jobs.stream(job.name)
ml_client.jobs.show_services(job.name).get("x")
steps = {{step.properties["azureml.moduleName"]: step for step in ml_client.jobs.list(parent_job_name=job.name)}}
assert steps["step_a"].status == "Completed" and steps["step_a"].display_name == "x"
assert [item.name for item in ml_client.jobs.list()] == [job.name]
endpoint = ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="e", auth_mode="key")).result()
deployment = ManagedOnlineDeployment(name="blue", endpoint_name="e", model="azureml:m:1")
ml_client.online_deployments.begin_create_or_update(deployment).result()
while ml_client.online_endpoints.get("e").provisioning_state != "Succeeded":
    time.sleep(1)
endpoint.traffic = {{"blue": 100}}
ml_client.begin_create_or_update(endpoint).result()
assert ml_client.online_endpoints.get("e").traffic == {{"blue": 100}}
ml_client.batch_endpoints.begin_create_or_update(BatchEndpoint(name="b"))
sent = ml_client.batch_endpoints.invoke(endpoint_name="b", inputs={{}})
ml_client.jobs.get(sent.name)
ml_client.schedules.begin_disable(name="s").result()
ml_client.online_endpoints.begin_delete(name="e")
for other in (ml_client.registries, ml_client.connections, ml_client.indexes, ml_client.feature_stores):
    print(other.list(), other.get("x").name)
"""
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert dict(loaded.pipeline.tags) == {"a": "b"}


def test_waiting_for_what_never_comes_has_an_end(tmp_path):
    text = f"""{HEAD}{CLIENT}{JOB}
job = ml_client.jobs.create_or_update(p(Input(path=".")))
while ml_client.jobs.get(job.name).status != "Archived":
    try:
        pass
    except Exception:
        continue
"""
    loaded = script(tmp_path, text)
    assert loaded.nodes == ["x"]
    assert [text.partition(": ")[2] for text in loaded.said] == [
        "The script has submitted its job, and then waits 10000 times for something that never comes"
    ]


@pytest.mark.parametrize(
    ("content", "call", "name"),
    [
        (None, "", "local"),
        ('{"subscription_id": "s", "resource_group": "g", "workspace_name": "mine"}', "", "mine"),
        ('{"workspace_name": "mine"}', "workspace_name='other'", "other"),
        ('{"workspace_name": "mine"}', "path='config.json'", "mine"),
        ('{"workspace_name": "mine"}', "path='missing', file_name='x.json'", "local"),
        ("[]", "", "local"),
        ("{", "", "local"),
    ],
)
def test_names_of_the_workspace(tmp_path, content, call, name):
    if content is not None:
        (tmp_path / "config.json").write_text(content, encoding="utf-8")
    head = f"{CLIENT}\nassert MLClient.from_config({call}).workspace_name == {name!r}\n"
    assert script(tmp_path, study("x = a(data=d)", head=head)).said == []


def test_a_misspelt_operation_fails_as_it_does_in_the_reference(tmp_path):
    loaded = script(tmp_path, study("x = a(data=d)", head=f"{CLIENT}\nml_client.enviroments.list()\n"))
    assert loaded.codes == ["E201"]
    assert "'environments'" in loaded.said[0]


def test_private_modules_have_their_parents_words(tmp_path):
    head = """
from azure.ai.ml.constants._common import AssetTypes, AzureMLResourceType
from azure.ai.ml.exceptions._exceptions import ValidationException, ErrorTarget
from azure.ai.ml.sweep._objective import Objective
from azure.identity._credentials.default import DefaultAzureCredential
from azure.ai.ml._utils.utils import anything
assert AssetTypes.URI_FOLDER == "uri_folder"
"""
    assert script(tmp_path, study("x = a(data=d)", head=head)).said == []
