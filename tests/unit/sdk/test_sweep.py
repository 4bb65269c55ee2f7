"""``node.sweep(...)``: what was called with search spaces becomes a sweep, whose settings can be changed afterwards."""

import pytest
from tests.support.scripts import script, study

from mlc.ir.pipeline import CommandNode
from mlc.ir.sweep import (
    Algorithm,
    Bandit,
    Choice,
    Goal,
    Group,
    Normal,
    Objective,
    Option,
    Parameter,
    Randint,
    Sampling,
    TrialLimits,
    Uniform,
)
from mlc.ir.types import PortType

IMPORTS = "from azure.ai.ml.sweep import *\nfrom azure.ai.ml.sweep import Objective\n"
SWEEP = "primary_metric='acc', goal='Maximize', max_total_trials=4"


def body(tmp_path, text):
    lines = "\n".join(f"    {line}" for line in text.strip("\n").split("\n"))
    return script(
        tmp_path,
        study("pass")
        .replace("    pass", lines)
        .replace("from azure.ai.ml import Input", IMPORTS + "from azure.ai.ml import Input", 1),
    )


def node_of(loaded, name="best"):
    node = loaded.node(name)
    assert isinstance(node, CommandNode)
    assert node.sweep is not None
    return node


def test_a_sweep_takes_the_place_of_its_trial(tmp_path):
    loaded = body(
        tmp_path,
        f"""
trial = a(data=d, n=3, lr=Uniform(0.1, 0.9), s=Choice(["x", "y"]))
trial.outputs.out.mode = "upload"
best = trial.sweep({SWEEP}, compute="big")
best.set_limits(max_concurrent_trials=2, timeout=100)
y = a(data=best.outputs.out)
""",
    )
    assert (loaded.said, loaded.nodes) == ([], ["best", "y"])
    node = node_of(loaded)
    assert loaded.bound("best") == {"data": "input d", "n": "3"}
    assert loaded.bound("y") == {"data": "best.out"}
    assert (node.compute, node.outputs[0].mode, node.timeout) == ("big", "upload", None)
    assert node.sweep.parameters == (
        Parameter(name="lr", space=Uniform(low="0.1", high="0.9")),
        Parameter(name="s", space=Choice(values=(Option(text="x"), Option(text="y")))),
    )
    assert node.sweep.objective == Objective(metric="acc", goal=Goal.MAXIMIZE)
    assert node.sweep.limits == TrialLimits(trials="4", concurrent="2", timeout="100")
    assert node.sweep.sampling == Sampling()


@pytest.mark.parametrize(
    ("written", "space"),
    [
        (
            "Choice([1, 2.5, True])",
            Choice(
                values=(
                    Option(text="1", type=PortType.INTEGER),
                    Option(text="2.5", type=PortType.NUMBER),
                    Option(text="True", type=PortType.BOOLEAN),
                )
            ),
        ),
        (
            "Choice(values=({'u': 1, 'v': Randint(3)},))",
            Choice(
                values=(
                    Group(
                        members=(
                            Parameter(name="u", space=Option(text="1", type=PortType.INTEGER)),
                            Parameter(name="v", space=Randint(upper="3")),
                        )
                    ),
                )
            ),
        ),
        ("Randint(upper=5)", Randint(upper="5")),
        ("LogUniform(min_value=-3, max_value=-1)", Uniform(low="-3", high="-1", log=True)),
        ("QUniform(1, 9, 2)", Uniform(low="1", high="9", step="2")),
        ("QLogUniform(0, 2, q=0.5)", Uniform(low="0", high="2", log=True, step="0.5")),
        ("Normal(0, 1)", Normal(mean="0", deviation="1")),
        ("LogNormal(mu=0, sigma=1)", Normal(mean="0", deviation="1", log=True)),
        ("QNormal(0, 1, 1)", Normal(mean="0", deviation="1", step="1")),
        ("QLogNormal(0, 1, 1)", Normal(mean="0", deviation="1", log=True, step="1")),
    ],
)
def test_every_distribution(tmp_path, written, space):
    loaded = body(tmp_path, f"trial = a(data=d, lr={written})\nbest = trial.sweep({SWEEP})")
    assert loaded.said == []
    assert node_of(loaded).sweep.parameters == (Parameter(name="lr", space=space),)


def test_settings_that_are_set_afterwards(tmp_path):
    loaded = body(
        tmp_path,
        """
trial = a(data=d, lr=Uniform(0, 1))
best = trial.sweep(primary_metric="acc", goal="maximize")
best.objective = Objective(goal="minimize", primary_metric="loss")
best.sampling_algorithm = RandomSamplingAlgorithm(rule="sobol", seed=7, logbase="e")
best.early_termination = BanditPolicy(slack_factor=0.2, evaluation_interval=2)
best.limits = SweepJobLimits(max_total_trials=9)
best.limits.trial_timeout = 60
best.search_space["n"] = Randint(4)
best.display_name = "The best"
""",
    )
    assert loaded.said == []
    node = node_of(loaded)
    assert node.sweep.objective == Objective(metric="loss", goal=Goal.MINIMIZE)
    assert node.sweep.sampling == Sampling(algorithm=Algorithm.RANDOM, rule="sobol", seed="7", logbase="e")
    assert node.sweep.early_termination == Bandit(slack_factor="0.2", evaluation_interval="2")
    assert node.sweep.limits == TrialLimits(trials="9", trial_timeout="60")
    assert [item.name for item in node.sweep.parameters] == ["lr", "n"]
    assert node.display_name == "The best"


def test_a_pipeline_input_in_the_settings(tmp_path):
    loaded = script(
        tmp_path,
        study(
            "from azure.ai.ml.sweep import Choice\ntrial = a(data=d, n=Choice([1, top]))\n"
            "best = trial.sweep(primary_metric=metric, goal='maximize', max_total_trials=top)",
            signature="d, top: int = 4, metric: str = 'acc'",
        ),
    )
    assert loaded.said == []
    sweep = node_of(loaded).sweep
    assert sweep.limits.trials == "${{parent.inputs.top}}"
    assert sweep.objective.metric == "${{parent.inputs.metric}}"
    assert sweep.parameters[0].space.values[1].text == "${{parent.inputs.top}}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "best = trial.sweep(goal='maximize', max_total_trials=1)",
            "E110 11: 'objective' of sweep 'best' has no 'primary_metric'",
        ),
        (
            "best = trial.sweep(primary_metric='a', goal='best', max_total_trials=1)",
            "E113 11: 'best' is not a goal of a sweep",
        ),
        (
            "best = trial.sweep(primary_metric='a', goal='maximize')",
            "E110 11: 'limits' of sweep 'best' has no 'max_total_trials'",
        ),
        (f"best = trial.sweep({SWEEP}, max_trials=3)", "W204 11: sweep() has no parameter 'max_trials'"),
        (
            f"best = trial.sweep({SWEEP}, early_termination_policy='median')",
            "E113 11: 'median' is not a policy of early termination",
        ),
        (
            f"best = trial.sweep({SWEEP}, sampling_algorithm='rand')",
            "E113 11: 'rand' is not a sampling algorithm",
        ),
    ],
)
def test_mistakes(tmp_path, line, said):
    loaded = body(tmp_path, f"trial = a(data=d, lr=Uniform(0, 1))\n{line}")
    assert loaded.said == [said]


def test_a_search_space_outside_of_a_sweep(tmp_path):
    loaded = body(tmp_path, "x = a(data=d, lr=Uniform(0, 1))")
    assert loaded.said == ["E529 10: Input 'lr' gets a search space (Uniform)"]


def test_a_sweep_alone(tmp_path):
    loaded = script(
        tmp_path,
        "from azure.ai.ml import MLClient, command\nfrom azure.ai.ml.sweep import Uniform\n"
        "one = command(name='one', command='echo ${{inputs.lr}}', environment='azureml:e:1', inputs={'lr': 0.1})\n"
        f"job = one(lr=Uniform(0, 1)).sweep({SWEEP})\njob.experiment_name = 'tuning'\n"
        "MLClient(None).jobs.create_or_update(job)\n",
    )
    assert (loaded.said, loaded.nodes, loaded.pipeline.experiment_name) == ([], ["one"], "tuning")
    assert node_of(loaded, "one").sweep.limits.trials == "4"


def test_a_search_space_as_the_declaration_of_an_input(tmp_path):
    loaded = script(
        tmp_path,
        "from azure.ai.ml import MLClient, command\nfrom azure.ai.ml.sweep import Choice, Randint\n"
        "one = command(name='one', command='echo ${{inputs.a}} ${{inputs.b}}', environment='azureml:e:1',\n"
        "  inputs={'a': Choice(['x', 'y']), 'b': Randint(4)})\n"
        f"job = one.sweep({SWEEP})\nMLClient(None).jobs.create_or_update(job)\n",
    )
    node = node_of(loaded, "one")
    assert [(port.name, port.type) for port in node.component.inputs] == [("a", "string"), ("b", "integer")]
    assert [item.name for item in node.sweep.parameters] == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "t = a(data=d, lr=Choice(3)); t.sweep(primary_metric=object(), goal=3, search_space=[1], timeout='x')",
        "t = a(data=d, lr=Choice([object(), None, [1], {1: object()}])); t.sweep(primary_metric=1, goal=None)",
        "t = a(data=d, lr=Uniform(object(), float('nan'))); s = t.sweep(goal='x'); s.limits = 3; s.objective = 4",
        "s = a(data=d).sweep(); s.search_space = 7; s.early_termination = {'type': 3}; s.sampling_algorithm = [2]",
        "t = a(data=d, lr=Choice([float('inf'), 10**500])); t.sweep(max_total_trials=10**400).sweep(goal=t)",
    ],
)
def test_nonsense_is_reported(tmp_path, text):
    loaded = body(tmp_path, text)
    assert loaded.codes
    assert "E201" not in loaded.codes, loaded.said
