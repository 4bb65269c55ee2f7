"""What scripts read of objects besides documented fields: texts, private methods, and names that are not there."""

import pytest
from tests.support.scripts import script, study

from mlc.ir.environment import ImageEnvironment

CLIENT = """
from azure.ai.ml import MLClient, load_component
ml_client = MLClient(None, 's', 'g', 'w')
"""
STEP = """
name: step
command: >-
  echo ${{inputs.n}}
  $[[--s ${{inputs.s}}]]
code: ./src
environment: ENVIRONMENT
inputs: {n: {type: integer}, s: {type: string, optional: true}}
"""


def printed(tmp_path, capfd, text, environment='{image: "debian:12"}'):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("")
    (tmp_path / "step.yml").write_text(STEP.replace("ENVIRONMENT", environment))
    loaded = script(tmp_path, f"{study('x = a(data=d)')}{CLIENT}step = load_component('step.yml')\n{text}\n")
    assert loaded.said == []
    return capfd.readouterr().err


def test_fields_of_a_component_are_text(tmp_path, capfd):
    said = printed(tmp_path, capfd, "print(step.command, step.code, step.environment.image, sep='|')")
    assert said == "echo ${{inputs.n}} $[[--s ${{inputs.s}}]]|./src|debian:12\n"


def test_an_environment_by_name_is_text(tmp_path, capfd):
    assert printed(tmp_path, capfd, "print(step.environment)", "azureml:env:1") == "azureml:env:1\n"


def test_private_methods_that_scripts_use(tmp_path, capfd):
    text = (
        "for item in (step, job, job.jobs['x']):\n    print(item._validate().passed, item._validate().error_messages)\n"
        "print(Input(type='uri_folder', path='x')._to_dict())\nprint(job.jobs['x'].type, job.jobs['x'].command)\n"
    )
    assert printed(tmp_path, capfd, text).splitlines() == [
        *["True {}"] * 3,
        "{'path': 'x', 'type': 'uri_folder'}",
        "command echo ${{inputs.data}} ${{inputs.n}} $[[${{inputs.s}}]] ${{outputs.out}}",
    ]


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("job.no_such_method()", "AttributeError: 'PipelineJob' object has no attribute 'no_such_method'.", ""),
        ("job.jbs", "AttributeError: 'PipelineJob' object has no attribute 'jbs'. Did you mean 'jobs'?", ""),
        ("job.jobs['nod']", "KeyError: 'nod'", "Did you mean 'node'?"),
        ("a.comand", "AttributeError: ", ""),
    ],
)
def test_a_name_that_is_not_there(tmp_path, text, what, fix):
    loaded = script(tmp_path, f"{study('node = a(data=d)')}\n{text}\n")
    (item,) = loaded.bag.sorted()
    if text == "a.comand":
        assert (item.code, item.what) == ("E216", "A node has no attribute 'comand'")
        return
    assert item.code == "E201"
    assert item.what.rstrip(".") == f"The script failed: {what}".rstrip(".")
    assert item.fix.rstrip(".?") == fix.rstrip(".?")


@pytest.mark.parametrize(
    "loop",
    [
        "while sent.status not in ('Done', 'Broken'):\n    pass",
        "while True:\n    if ml_client.jobs.get(sent.name).status == 'Done':\n        break",
        "step = ml_client.jobs.get('x')\nwhile step.status != 'Done':\n    pass",
    ],
)
def test_a_loop_that_never_gets_its_answer_ends(tmp_path, loop):
    text = f"{study('x = a(data=d)')}{CLIENT}sent = ml_client.jobs.create_or_update(job)\n{loop}\n"
    loaded = script(tmp_path, text)
    assert loaded.nodes == ["x"]
    assert loaded.codes == ["W205"]
    assert "waits 10000 times" in loaded.said[0]


def test_an_image_that_is_changed_afterwards(tmp_path):
    (tmp_path / "env.yml").write_text("name: e\nimage: debian:12\n")
    head = "from azure.ai.ml import load_environment\nenv = load_environment('env.yml')\nenv.image = 'debian:13'\n"
    text = study("x = a(data=d)", head=f"{head}a.component.environment = env\n")
    environment = script(tmp_path, text).command("x").component.environment
    assert environment == ImageEnvironment(image="debian:13", name="e")


def test_inputs_and_outputs_are_mappings_of_their_fields(tmp_path):
    text = """
from azure.ai.ml import Input, Output
given = Input(type="uri_file", path="./x", path_on_compute="/tmp/x")
assert given["path"] == "./x" and given.get("nothing", 3) == 3 and "mode" in given and given["path_on_compute"]
assert dict(given)["type"] == "uri_file" and given["mode"] is None
given["mode"] = "download"
assert given.mode == "download" and ("mode", "download") in given.items() and len(given.keys()) == len(given.values())
assert str(Output(type="uri_file", mode="upload")) == "{'type': 'uri_file', 'mode': 'upload'}"
"""
    assert script(tmp_path, study("x = a(data=d)") + text).said == []


def test_what_scripts_print_of_a_job_and_its_parts(tmp_path):
    text = """
assert list(job.component.inputs) == ["n", "d"] and job.component.inputs["n"].type == "integer"
assert list(job.component.jobs) == ["x"] and "data" in str(job.jobs["x"].inputs)
assert job.inputs.d._data.path == "." and job.jobs["x"].outputs.out.port_name == "out"
assert job.jobs["x"].outputs.out._owner is job.jobs["x"]
from azure.ai.ml.entities import Environment
assert Environment(name="e", image="python:3.11")._to_dict() == {"name": "e", "image": "python:3.11"}
"""
    assert script(tmp_path, study("x = a(data=d, n=n)", signature="d, n: int = 2") + text).said == []


def test_steps_of_a_command_show_its_environment_and_inputs_may_be_called_self(tmp_path):
    text = """
from azure.ai.ml import command
plain = command(command="echo ${{inputs.self}}", inputs={"self": 3}, environment="azureml:env:1")
@pipeline
def q():
    first = plain(self=4)
    assert first.environment == plain.environment == "azureml:env:1"
job = q()
"""
    loaded = script(tmp_path, study("x = a(data=d)\nassert x.environment == 'azureml:env:1'") + text)
    assert loaded.said == []
    assert loaded.bound("first") == {"self": "4"}
