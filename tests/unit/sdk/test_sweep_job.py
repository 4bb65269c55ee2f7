"""``SweepJob(...)``: the same sweep as ``node.sweep(...)`` makes, written down field by field."""

import pytest
from tests.support.scripts import HEAD, script

from mlc.ir.pipeline import CommandNode
from mlc.ir.sweep import Algorithm, Goal, Objective, Parameter, Sampling, TrialLimits, Uniform
from mlc.ir.types import PortType

IMPORTS = f"""{HEAD}from azure.ai.ml import Input, MLClient, Output, command, load_component
from azure.ai.ml.sweep import BanditPolicy, Objective, SweepJob, SweepJobLimits, Uniform
TRIAL = command(command="python t.py ${{{{search_space.lr}}}} ${{{{inputs.data}}}} ${{{{outputs.out}}}}",
    environment={{"image": "python:3.11"}}, environment_variables={{"A": "b"}})
"""
JOB = """
job = SweepJob(trial=TRIAL, search_space={"lr": Uniform(0.1, 0.9)}, sampling_algorithm="grid",
    objective=Objective(goal="maximize", primary_metric="acc"), limits={"max_total_trials": 4},
    inputs={"data": Input(path="./data"), "n": 3}, outputs={"out": Output(type="uri_file", mode="upload")},
    display_name="Search", compute="big", early_termination=BanditPolicy(slack_factor=0.1))
"""
SUBMIT = "MLClient(None, 'a', 'b', 'c').jobs.create_or_update(job)\n"


def sweep(loaded) -> CommandNode:
    (node,) = loaded.pipeline.nodes
    assert isinstance(node, CommandNode)
    return node


def test_what_it_says_is_the_sweep(tmp_path):
    loaded = script(tmp_path, f"{IMPORTS}{JOB}job.set_limits(timeout=60)\n{SUBMIT}")
    node = sweep(loaded)
    found = node.sweep
    assert found is not None
    assert loaded.said == []
    assert found.parameters == (Parameter(name="lr", space=Uniform(low="0.1", high="0.9")),)
    assert found.sampling == Sampling(algorithm=Algorithm.GRID)
    assert found.objective == Objective(metric="acc", goal=Goal.MAXIMIZE)
    assert found.limits == TrialLimits(trials="4", timeout="60")
    assert (node.compute, node.environment_variables) == ("big", (("A", "b"),))
    assert [(port.name, port.type) for port in node.component.inputs] == [
        ("data", PortType.URI_FOLDER),
        ("n", PortType.INTEGER),
        ("lr", PortType.NUMBER),
    ]
    assert [(port.name, port.type) for port in node.component.outputs] == [("out", PortType.URI_FILE)]
    assert loaded.bound(node.name) == {"data": "data ./data", "n": "3"}


def test_a_component_as_the_trial_keeps_its_ports(tmp_path):
    job = JOB.replace("TRIAL", "a").replace('"out": Output(type="uri_file", mode="upload")', "")
    node = sweep(script(tmp_path, f"{IMPORTS}{job}{SUBMIT}"))
    assert node.component.name == "step_a"
    assert [port.type for port in node.component.outputs] == [PortType.URI_FOLDER]


def test_it_is_no_step_of_the_pipeline_in_whose_function_it_is_made(tmp_path):
    body = JOB.strip().replace("\n", "\n    ").replace("job =", "other =")
    text = f"{IMPORTS}from azure.ai.ml.dsl import pipeline\n@pipeline\n"
    text += f"def p():\n    {body}\n    x = a(data=Input(path='./data'), n=1)\njob = p()\n"
    assert script(tmp_path, text).nodes == ["x"]


def test_isinstance_tells_it_from_a_command_job(tmp_path):
    text = "from azure.ai.ml.entities import CommandJob\n"
    text += "assert isinstance(job, SweepJob) and not isinstance(job, CommandJob)\n"
    text += "assert isinstance(TRIAL, CommandJob) and not isinstance(TRIAL, SweepJob)\n"
    assert script(tmp_path, f"{IMPORTS}{JOB}{text}{SUBMIT}").said == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("trial=TRIAL", "trial='azureml:x:1'", "The trial of a sweep is a str"),
        ("trial=TRIAL, ", "", "The trial of a sweep is None"),
        ('"lr": Uniform', '"lr": 3, "rate": Uniform', "The search space of 'lr' must be a mapping with a type"),
        ('inputs={"data": Input(path="./data"), "n": 3}', "inputs=3", "'inputs' of SweepJob() is an int"),
        ('"n": 3', '"n": [3]', "Input 'n' of SweepJob() is a list"),
        ("display_name", "displayname", "SweepJob() does not know 'displayname' and ignores it"),
    ],
)
def test_mistakes(tmp_path, old, new, what):
    loaded = script(tmp_path, f"{IMPORTS}{JOB.replace(old, new)}{SUBMIT}")
    assert any(item.what.startswith(what) for item in loaded.bag.items), loaded.said
