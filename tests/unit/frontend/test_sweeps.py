"""Sweeps in YAML: nodes with a trial, and jobs on their own."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.ir.pipeline import CommandNode, PipelineInputRef, UnsupportedNode
from mlc.ir.sweep import (
    Algorithm,
    Bandit,
    Choice,
    Goal,
    Group,
    MedianStopping,
    Normal,
    Objective,
    Option,
    Parameter,
    Randint,
    Sampling,
    TrialLimits,
    TruncationSelection,
    Uniform,
)
from mlc.ir.template import InputRef
from mlc.ir.types import PortType

TRAIN = """
name: train
command: run ${{inputs.n}} ${{search_space.rate}}
environment: {image: "python:3.11"}
inputs: {n: {type: integer}, rate: {type: number}}
outputs: {model: {type: uri_folder}}
"""
NODE = """type: pipeline
inputs: {n: 3, top: 5}
jobs:
  tune:
    type: sweep
    trial: ./train.yml
    inputs: {n: "${{parent.inputs.n}}"}
    outputs: {model: }
    search_space: {rate: SPACE}
    objective: {goal: Maximize, primary_metric: acc}
    limits: {max_total_trials: 4}
"""
JOB = """
type: sweep
display_name: alone
trial:
  command: run ${{inputs.n}} ${{search_space.rate}} ${{search_space.kind}} ${{outputs.model}}
  environment: {image: "python:3.11"}
  environment_variables: {A: b}
inputs: {n: 3}
outputs: {model: {type: mlflow_model}}
compute: azureml:big
search_space:
  rate: {type: uniform, min_value: 0.01, max_value: 0.9}
  kind: {type: choice, values: [rbf, linear]}
objective: {goal: minimize, primary_metric: loss}
limits: {max_total_trials: 20}
"""


def read(folder, text, name="p.yml"):
    (folder / "train.yml").write_text(TRAIN)
    (folder / name).write_text(text)
    bag = Bag()
    return load(folder / name, Request(), bag), [f"{item.code} {item.what}" for item in bag.sorted()]


def swept(folder, text):
    pipeline, said = read(folder, text)
    assert said == []
    (node,) = pipeline.nodes
    assert isinstance(node, CommandNode)
    assert node.sweep is not None
    return node


def space(folder, written):
    (parameter,) = swept(folder, NODE.replace("SPACE", written)).sweep.parameters
    assert parameter.name == "rate"
    return parameter.space


def test_a_node(tmp_path):
    node = swept(tmp_path, NODE.replace("SPACE", "{type: uniform, min_value: 0.1, max_value: 9}"))
    assert node.component.name == "train"
    assert [part.name for part in node.component.command if isinstance(part, InputRef)] == ["n", "rate"]
    assert [(item.name, item.value) for item in node.inputs] == [("n", PipelineInputRef(name="n"))]
    assert [item.name for item in node.outputs] == ["model"]
    assert node.sweep.parameters == (Parameter(name="rate", space=Uniform(low="0.1", high="9")),)
    assert node.sweep.objective == Objective(metric="acc", goal=Goal.MAXIMIZE)
    assert node.sweep.limits == TrialLimits(trials="4")
    assert (node.sweep.sampling, node.sweep.early_termination, node.timeout) == (Sampling(), None, None)


def test_places(tmp_path):
    sweep = swept(tmp_path, NODE.replace("SPACE", "{type: randint, upper: 3}")).sweep
    assert (sweep.parameters[0].span.line, sweep.parameters[0].span.column) == (9, 20)
    assert (dict(sweep.places)["max_total_trials"].line, dict(sweep.places)["goal"].column) == (11, 23)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "{type: Choice, values: [1, 0.5, x, true, '2']}",
            Choice(
                values=(
                    Option(text="1", type=PortType.INTEGER),
                    Option(text="0.5", type=PortType.NUMBER),
                    Option(text="x"),
                    Option(text="True", type=PortType.BOOLEAN),
                    Option(text="2"),
                )
            ),
        ),
        ("{type: loguniform, min_value: -4, max_value: 0}", Uniform(low="-4", high="0", log=True)),
        ("{type: quniform, min_value: 1, max_value: 9, q: 2}", Uniform(low="1", high="9", step="2")),
        ("{type: qloguniform, min_value: 1, max_value: 9, q: 0.5}", Uniform(low="1", high="9", log=True, step="0.5")),
        ("{type: normal, mu: 1e-3, sigma: 1}", Normal(mean="0.001", deviation="1")),
        ("{type: lognormal, mu: 0, sigma: 1}", Normal(mean="0", deviation="1", log=True)),
        ("{type: qnormal, mu: 0, sigma: 1, q: 1}", Normal(mean="0", deviation="1", step="1")),
        ("{type: qlognormal, mu: 0, sigma: 1, q: 1}", Normal(mean="0", deviation="1", log=True, step="1")),
        ("{type: randint, upper: '10'}", Randint(upper="10")),
        ("{type: randint, upper: '${{ parent.inputs.top }}'}", Randint(upper="${{ parent.inputs.top }}")),
        (
            "{type: choice, values: [{a: 1, b: {type: randint, upper: 2}}]}",
            Choice(
                values=(
                    Group(
                        members=(
                            Parameter(name="a", space=Option(text="1", type=PortType.INTEGER)),
                            Parameter(name="b", space=Randint(upper="2")),
                        )
                    ),
                )
            ),
        ),
    ],
)
def test_distributions(tmp_path, written, expected):
    assert space(tmp_path, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("grid", Sampling(algorithm=Algorithm.GRID)),
        ("{type: Bayesian}", Sampling(algorithm=Algorithm.BAYESIAN)),
        ("{type: random, rule: Sobol, seed: 3, logbase: e}", Sampling(rule="sobol", seed="3", logbase="e")),
        ("{type: random, logbase: 2}", Sampling(logbase="2")),
    ],
)
def test_sampling(tmp_path, written, expected):
    text = NODE.replace("SPACE", "{type: randint, upper: 3}") + f"    sampling_algorithm: {written}\n"
    assert swept(tmp_path, text).sweep.sampling == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{type: bandit, slack_factor: 0.1}", Bandit(slack_factor="0.1")),
        (
            "{type: Median_Stopping, delay_evaluation: 5, evaluation_interval: 1}",
            MedianStopping(evaluation_interval="1", delay_evaluation="5"),
        ),
        ("{type: truncation_selection, truncation_percentage: 20}", TruncationSelection(percentage="20")),
    ],
)
def test_early_termination(tmp_path, written, expected):
    text = NODE.replace("SPACE", "{type: randint, upper: 3}") + f"    early_termination: {written}\n"
    assert swept(tmp_path, text).sweep.early_termination == expected


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{type: uniform, min_value: 1}", ["E110 The search space of 'rate' has no 'max_value'"]),
        (
            "{type: uniform, min_value: a, max_value: true}",
            [
                "E104 'min_value' of the search space of 'rate' must be a number, not text ('a')",
                "E104 'max_value' of the search space of 'rate' must be a number, not true or false (true)",
            ],
        ),
        ("{min_value: 1}", ["E110 The search space of 'rate' has no 'type'"]),
        (
            "{type: choice, values: 3}",
            ["E104 'values' of the search space of 'rate' must be a list, not a whole number (3)"],
        ),
        ("{type: choice, values: [[1]]}", ["E104 A value of the search space of 'rate' is a list"]),
        ("{type: choice, values: [null]}", ["E104 A value of the search space of 'rate' is empty"]),
        (
            "{type: randint, upper: 1.5}",
            ["E104 'upper' of the search space of 'rate' must be a whole number, not a number (1.5)"],
        ),
        (
            "{type: randint, uper: 3}",
            ["E110 The search space of 'rate' has no 'upper'", "W102 The search space of 'rate' has no field 'uper'"],
        ),
    ],
)
def test_bad_distributions(tmp_path, written, said):
    assert read(tmp_path, NODE.replace("SPACE", written))[1] == said


def test_choices_in_choices_end_somewhere(tmp_path):
    deep = "3"
    for _ in range(25):
        deep = f"{{type: choice, values: [{{a: {deep}}}]}}"
    assert read(tmp_path, NODE.replace("SPACE", deep))[1] == ["E108 The search space of 'a' is nested too deep"]


def test_a_trial_that_is_none(tmp_path):
    text = NODE.replace("SPACE", "{type: randint, upper: 3}")
    pipeline, said = read(tmp_path, text.replace("./train.yml", "./none.yml"))
    assert [line[:4] for line in said] == ["E101"]
    assert isinstance(pipeline.nodes[0], UnsupportedNode)


def test_a_search_space_in_a_command_that_is_no_trial(tmp_path):
    text = "type: pipeline\njobs: {a: {component: ./train.yml, inputs: {n: 1, rate: 2}}}\n"
    assert [line[:4] for line in read(tmp_path, text)[1]] == ["E116"]


def test_a_job_on_its_own(tmp_path):
    pipeline, said = read(tmp_path, JOB)
    assert said == []
    (node,) = pipeline.nodes
    assert (pipeline.name, node.name, node.compute) == ("alone", "alone", "big")
    ports = [(port.name, str(port.type)) for port in node.component.inputs]
    assert ports == [("n", "integer"), ("rate", "number"), ("kind", "string")]
    assert [item.name for item in node.inputs] == ["n"]
    assert [(port.name, str(port.type)) for port in node.component.outputs] == [("model", "mlflow_model")]
    assert [output.name for output in pipeline.outputs] == ["model"]
    assert node.environment_variables == (("A", "b"),)
    assert [item.name for item in node.sweep.parameters] == ["rate", "kind"]


def test_a_job_without_a_trial(tmp_path):
    text = "type: sweep\nsearch_space: {a: {type: randint, upper: 2}}\nobjective: {goal: minimize, primary_metric: x}\n"
    said = read(tmp_path, text + "limits: {max_total_trials: 2}\n")[1]
    assert said[:1] == ["E110 The sweep has no 'trial'"]


def test_a_job_with_an_unknown_field(tmp_path):
    assert read(tmp_path, JOB + "sampling: random\n")[1] == ["E111 The sweep has no field 'sampling'"]
