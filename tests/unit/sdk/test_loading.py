"""``load_component``, ``load_job``, ``load_environment``: of files, open files, texts and dicts; changes afterwards."""

import pytest
from tests.support.scripts import script, shown

from mlc.ir.environment import ImageEnvironment
from mlc.ir.pipeline import CommandNode, PipelineNode

TRAIN = """
name: train
version: 1
command: echo ${{inputs.data}} ${{inputs.rate}} > ${{outputs.model}}/x
environment: {image: "python:3.11"}
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1}
outputs:
  model: {type: uri_folder}
"""
JOB = """
type: pipeline
display_name: Study
inputs:
  raw: {type: uri_folder, path: raw}
  rate: 0.5
outputs:
  best: {type: uri_folder}
settings: {default_compute: "azureml:cpu"}
jobs:
  first:
    component: ../train.yml
    inputs: {data: "${{parent.inputs.raw}}", rate: "${{parent.inputs.rate}}"}
    limits: {timeout: 60}
  second:
    command: echo ${{inputs.model}} > ${{outputs.o}}/x
    environment: {image: "python:3.11"}
    inputs: {model: "${{parent.jobs.first.outputs.model}}"}
    outputs: {o: "${{parent.outputs.best}}"}
    environment_variables: {A: b}
"""
STEP = """
type: command
display_name: Step
command: echo ${{inputs.n}} > ${{outputs.o}}/x
environment: {image: "python:3.11"}
environment_variables: {A: b}
inputs: {n: 4}
outputs: {o: {type: uri_folder}}
"""
HEAD = (
    "from azure.ai.ml import *\nfrom azure.ai.ml.dsl import pipeline\nfrom azure.ai.ml.entities import *\nimport io\n"
)


def loaded(tmp_path, text):
    files = {"train_yml": TRAIN, "jobs__study_yml": JOB, "jobs__step_yml": STEP}
    return script(tmp_path, HEAD + text, **files)


def test_a_job_is_what_the_file_says(tmp_path):
    found = loaded(tmp_path, "job = load_job('jobs/study.yml')")
    assert found.said == []
    assert found.nodes == ["first", "second"]
    assert found.bound("first") == {"data": "input raw", "rate": "input rate"}
    assert found.command("first").timeout == 60
    assert found.command("second").environment_variables == (("A", "b"),)
    assert found.pipeline.node("second").outputs[0].promoted_to == ("best",)
    raw = found.pipeline.inputs[0].value
    assert (raw.uri, raw.local) == ("raw", str(tmp_path / "jobs" / "raw"))
    assert found.pipeline.settings.default_compute == "cpu"
    assert found.pipeline.display_name == "Study"
    assert found.command("first").span.file == str(tmp_path / "jobs" / "study.yml")


def test_what_is_set_on_a_loaded_job_counts(tmp_path):
    found = loaded(
        tmp_path,
        """
job = load_job("jobs/study.yml")
job.display_name = "Changed"
job.experiment_name = "tries"
job.description = "Described"
job.tags["a"] = "b"
job.settings.force_rerun = True
job.settings.default_compute = "gpu"
job.inputs.rate = 0.75
job.inputs.raw.path = "elsewhere"
job.inputs.raw.mode = "download"
job.outputs.best.mode = "upload"
job.outputs.best.path = "azureml://datastores/w/paths/best"
job.jobs["first"].inputs.rate = 3
job.jobs["first"].compute = "big"
job.jobs["first"].outputs.model.mode = "upload"
job.jobs["second"].environment_variables["C"] = "d"
job.jobs["second"].resources = {"shm_size": "1g"}
job.jobs["second"].component.command = "echo new ${{inputs.model}}"
""",
    )
    assert found.said == []
    pipeline = found.pipeline
    assert (pipeline.display_name, pipeline.experiment_name, pipeline.description) == ("Changed", "tries", "Described")
    assert pipeline.tags == (("a", "b"),)
    assert (pipeline.settings.force_rerun, pipeline.settings.default_compute) == (True, "gpu")
    assert {item.port.name: shown(item.value) for item in pipeline.inputs} == {"raw": "data elsewhere", "rate": "0.75"}
    assert (pipeline.outputs[0].mode, pipeline.outputs[0].path) == ("upload", "azureml://datastores/w/paths/best")
    assert found.bound("first")["rate"] == "3"
    first, second = found.command("first"), found.command("second")
    assert (first.compute, first.timeout, first.outputs[0].mode) == ("big", 60, "upload")
    assert second.environment_variables == (("A", "b"), ("C", "d"))
    assert second.resources.shm_size == "1g"
    assert second.component.command[0].text == "echo new "


def test_values_over_those_of_a_file(tmp_path):
    found = loaded(
        tmp_path,
        """
overrides = [{"inputs.rate": 7}, {"jobs.first.compute": "azureml:big", "display_name": "Over"}]
job = load_job("jobs/study.yml", params_override=overrides)
plain = load_job("jobs/study.yml")
del plain
""",
    )
    assert found.said == []
    assert shown(found.pipeline.inputs[1].value) == "7"
    assert found.pipeline.display_name == "Over"
    assert found.command("first").compute == "big"


def test_a_file_is_read_again_as_it_is(tmp_path):
    found = loaded(
        tmp_path,
        """
one = load_component("train.yml", params_override=[{"inputs.rate.default": 0.9}])
two = load_component("train.yml")

@pipeline()
def p(d):
    one(data=d)
    two(data=d)

job = p(Input(path="."))
""",
    )
    assert [node.component.input("rate").default for node in found.pipeline.nodes] == ["0.9", "0.1"]


@pytest.mark.parametrize(
    "source",
    [
        "'train.yml'",
        "open('train.yml')",
        "io.StringIO(open('train.yml').read())",
        "io.BytesIO(open('train.yml', 'rb').read())",
        "{'name': 'train', 'command': 'a', 'environment': {'image': 'i'}, 'inputs': {'data': {'type': 'uri_folder'}}}",
    ],
)
def test_sources_of_components(tmp_path, source):
    found = loaded(
        tmp_path,
        f"part = load_component({source})\n@pipeline()\ndef p(d):\n    part(data=d)\n\njob = p(Input(path='.'))\n",
    )
    assert found.said == []
    assert found.nodes == ["train"]


def test_a_job_of_a_dict(tmp_path):
    found = loaded(
        tmp_path,
        """
job = load_job({"type": "pipeline", "jobs": {"one": {"component": "train.yml", "inputs": {"data": {"path": "raw"}}}}})
""",
    )
    assert found.said == []
    assert found.bound("one") == {"data": "data raw"}


def test_an_environment_of_a_dict(tmp_path):
    found = loaded(
        tmp_path,
        """
env = load_environment({"name": "mine", "image": "python:3.12"})
part = command(name="one", command="echo", environment=env)

@pipeline()
def p():
    part()

job = p()
""",
    )
    assert found.said == []
    environment = found.command("one").component.environment
    assert isinstance(environment, ImageEnvironment)
    assert environment.image == "python:3.12"


def test_a_loaded_command_job_is_a_step(tmp_path):
    found = loaded(
        tmp_path,
        """
step = load_job("jobs/step.yml")

@pipeline()
def p():
    one = step()
    two = step(n=5)
    two.environment_variables["B"] = "c"
    return {"o": two.outputs.o}

job = p()
""",
    )
    assert found.said == []
    assert [found.bound(name) for name in ("one", "two")] == [{"n": "4"}, {"n": "5"}]
    assert found.command("two").environment_variables == (("A", "b"), ("B", "c"))


def test_a_loaded_command_job_can_be_submitted(tmp_path):
    found = loaded(
        tmp_path,
        """
from azure.ai.ml import MLClient
job = load_job("jobs/step.yml")
job.inputs.n = 6
job.limits = {"timeout": 9}
job.environment = "azureml:other:1"
MLClient(None).jobs.create_or_update(job)
""",
    )
    assert found.said == []
    assert found.nodes == ["step"]
    assert found.bound("step") == {"n": "6"}
    assert found.command("step").timeout == 9
    assert found.command("step").component.environment.name == "other"


def test_components_change_between_submissions(tmp_path):
    found = loaded(
        tmp_path,
        """
from azure.ai.ml import MLClient
train = load_component("train.yml")
train.resources.shm_size = "2g"

@pipeline()
def p(d):
    train(data=d)

client = MLClient(None)
client.jobs.create_or_update(p(Input(path=".")))
train.name = "renamed"
train.version = 9
train.display_name = "Shown"
train.resources.shm_size = "4g"
train.environment = Environment(image="python:3.13")
job = p(Input(path="."))
""",
    )
    component = found.pipeline.nodes[0].component
    assert component.name == "train", "the first one is what was submitted"
    assert component.resources.shm_size == "2g"


def test_a_nested_pipeline_of_a_file_stays_one(tmp_path):
    found = loaded(
        tmp_path,
        """
inner = {"type": "pipeline", "name": "inner", "jobs": {"a": {"component": "train.yml"}}}
job = load_job({"type": "pipeline", "jobs": {"whole": {"type": "pipeline", "component": inner}}})
job.jobs["whole"].inputs.more = 3
""",
    )
    node = found.node("whole")
    assert isinstance(node, PipelineNode)
    assert isinstance(node.pipeline.nodes[0], CommandNode)
    assert found.bound("whole") == {"more": "3"}


@pytest.mark.parametrize("call", ["load_component()", "load_job()"])
def test_no_source(tmp_path, call):
    assert loaded(tmp_path, f"job = {call}").codes[0] == "E207"


def test_what_cannot_be_read_is_said_once(tmp_path):
    found = loaded(tmp_path, "job = load_job('jobs/none.yml')\njob.settings.x = 3\nprint(job.jobs['a'].inputs)")
    assert "E101" in found.codes
    assert "E201" not in found.codes
