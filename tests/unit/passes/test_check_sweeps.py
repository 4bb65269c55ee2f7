"""Sweeps: search spaces that fit their trial, settings in their range."""

from dataclasses import replace
from typing import Any

import pytest
from tests.support.ir import at, complaints, component, context, data, given, node, out, pipeline, planned

from mlc.ir.dump import from_json, to_json
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
    Space,
    Sweep,
    TrialLimits,
    TruncationSelection,
    Uniform,
)

TRIAL = component(
    "trial",
    "run ${{inputs.n}} ${{inputs.x}} ${{inputs.b}} ${{inputs.s}}",
    {"data": "uri_folder", "n": "integer", "x": "number", "b": "boolean=False", "s": "string=a"},
)
GOAL = Objective(metric="acc", goal=Goal.MAXIMIZE)


def choice(*values):
    return Choice(values=tuple(Option(text=value) for value in values))


SPACES: dict[str, Space] = {"n": choice("1", "2"), "x": Uniform(low="0", high="1")}


def sweep(spaces: dict[str, Space] | None = None, **more: Any) -> Sweep:
    parameters = tuple(Parameter(name=name, space=space, span=at(9)) for name, space in (spaces or SPACES).items())
    settings: dict[str, Any] = {"objective": GOAL, "limits": TrialLimits(trials="4")} | more
    return Sweep(parameters=parameters, **settings)


def said(made, inputs=None):
    """All that is said besides that a sweep cannot be run."""
    tune = replace(node("tune", TRIAL, {"data": data("/")} | (inputs or {})), sweep=made)
    return others(pipeline(tune, inputs={"top": "integer=3"}))


def others(source):
    return [line for line in complaints(source, replace(context(), for_bundle=False)) if not line.startswith("W509")]


def test_nothing_to_say():
    assert said(sweep()) == []


@pytest.mark.parametrize(
    ("name", "space", "words"),
    [
        ("k", choice("1"), "E526 Job 'tune' searches over 'k'. The trial 'trial' has no such input."),
        ("n", choice("1", "two"), "E526 The search space of 'n' has the value 'two', which is no integer."),
        ("n", Choice(values=()), "E526 The search space of 'n' is a choice among no values."),
        ("n", Uniform(low="0", high="3"), "W305 The search space of 'n' draws numbers that are not whole"),
        ("n", Randint(upper="0"), "E526 The search space of 'n' is empty. It ends below 0."),
        ("x", Uniform(low="1", high="1"), "E526 The search space of 'x' is empty. It goes from 1 to 1."),
        ("x", Uniform(low="0", high="1", step="-1"), "E526 The search space of 'x' has the step q = -1."),
        ("x", Normal(mean="0", deviation="0"), "E526 The search space of 'x' has the sigma 0."),
        ("x", Uniform(low="${{parent.inputs.low}}", high="1"), "E303 The pipeline 'demo' has no input 'low'."),
        ("b", Uniform(low="0", high="1"), "E526 The search space of 'b' draws numbers. The input is true or false."),
        ("b", choice("True", "2"), "E526 The search space of 'b' has the value '2', which is no boolean."),
        ("x", Choice(values=(Group(members=()),)), "E526 The search space of 'x' has several values at once."),
    ],
)
def test_search_spaces(name, space, words):
    found = said(sweep(SPACES | {name: space}))
    assert len(found) == 1
    assert found[0].startswith(words)


def test_data_cannot_be_searched_over():
    step = replace(node("tune", TRIAL, {"n": "1", "x": "2"}), sweep=sweep({"data": choice("a")}))
    (line,) = others(pipeline(step))
    assert line.startswith("E526 Job 'tune' searches over 'data'. It is data (uri_folder), and a search draws values.")


def test_an_input_is_given_or_searched_over():
    (line,) = said(sweep(), {"n": "1"})
    assert line.startswith("E526 Job 'tune' searches over 'n' and gives it a value.")


def test_an_input_that_is_neither():
    (line,) = said(sweep({"n": choice("1")}))
    assert line.startswith("E313 Job 'tune' gets no input 'x'.")


def test_members_of_a_group():
    inner = Parameter(name="m", space=Uniform(low="2", high="1"))
    (line,) = said(sweep(SPACES | {"s": Choice(values=(Group(members=(inner,)),))}))
    assert line.startswith("E526 The search space of 's', 'm', is empty.")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"limits": TrialLimits(trials="0")}, "E527 The max_total_trials of job 'tune' is 0. Give 1 or more."),
        ({"limits": TrialLimits(trials="1", trial_timeout="-1")}, "E527 The trial_timeout of job 'tune' is -1."),
        ({"limits": TrialLimits(trials="${{parent.inputs.tops}}")}, "E303 The pipeline 'demo' has no input 'tops'"),
        ({"sampling": Sampling(seed="-1")}, "E527 The seed of job 'tune' is -1."),
        ({"sampling": Sampling(logbase="0")}, "E527 The logbase of job 'tune' is 0. Give a number greater than 0."),
        ({"sampling": Sampling(algorithm=Algorithm.GRID)}, "W511 Grid sampling cannot draw from"),
        ({"early_termination": Bandit(slack_factor="-1")}, "E527 The slack_factor of job 'tune' is -1."),
        ({"early_termination": Bandit(slack_factor="1", slack_amount="1")}, "W513 The bandit policy of job 'tune' has"),
        (
            {"early_termination": TruncationSelection(percentage="100")},
            "E527 The truncation_percentage of job 'tune' is 100.",
        ),
        ({"early_termination": TruncationSelection(percentage="9", delay_evaluation="-2")}, "E527 The delay_"),
        ({"objective": Objective(metric="${{parent.inputs.m}}", goal=Goal.MAXIMIZE)}, "E303 The pipeline"),
    ],
)
def test_settings(settings, words):
    (line,) = said(sweep(**settings))
    assert line.startswith(words)


@pytest.mark.parametrize("text_", ["e", "2"])
def test_settings_that_are_fine(text_):
    assert said(sweep(sampling=Sampling(logbase=text_), limits=TrialLimits(trials="${{parent.inputs.top}}"))) == []
    bayesian = sweep(
        {"n": choice("1"), "x": Uniform(low="0", high="1", step="0.1")}, sampling=Sampling(algorithm=Algorithm.BAYESIAN)
    )
    assert said(bayesian) == []


TUNE = replace(
    node("tune", replace(TRIAL, outputs=component(outputs={"model": "uri_folder"}).outputs), {"data": given("d")}),
    sweep=sweep(limits=TrialLimits(trials="${{parent.inputs.top}}")),
)


def test_outputs_of_a_sweep_have_types():
    taker = component("taker", "run ${{inputs.x}}", {"x": "uri_file"})
    after = node("after", taker, {"x": out("tune", "model")}, line=30)
    source = pipeline(TUNE, after, inputs={"d": "uri_folder", "top": "integer=3"}, values={"d": data("/")})
    assert [line[:4] for line in others(source)] == ["E320"]


def test_settings_of_a_nested_pipeline_are_those_of_the_plan(tmp_path):
    inner = pipeline(TUNE, name="inner", inputs={"d": "uri_folder", "top": "integer"})
    outer = pipeline(
        node("first", inner, {"d": given("data"), "top": given("trials")}),
        node("second", inner, {"d": given("data"), "top": 7}),
        inputs={"data": "uri_folder", "trials": "integer=5"},
        values={"data": data(tmp_path)},
    )
    plan = planned(outer, replace(context(), for_bundle=False))
    assert [task.sweep and task.sweep.limits.trials for task in plan.tasks] == ["${{inputs.trials}}", "7"]
    assert [port.source for port in plan.tasks[0].inputs if port.name in {"n", "x"}] == [None, None]
    assert from_json(to_json(plan)) == plan
