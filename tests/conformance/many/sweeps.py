"""Sweeps in a pipeline function: every distribution, settings given at once and afterwards."""

from azure.ai.ml import Input, Output, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.sweep import (
    BanditPolicy,
    Choice,
    LogNormal,
    LogUniform,
    Normal,
    QLogNormal,
    QLogUniform,
    QNormal,
    QUniform,
    Randint,
    RandomSamplingAlgorithm,
    SweepJobLimits,
    TruncationSelectionPolicy,
    Uniform,
)

train = command(
    name="train",
    command="echo ${{inputs.data}} ${{inputs.a}} ${{inputs.b}} ${{inputs.c}} > ${{outputs.model}}",
    environment="azureml:env:1",
    inputs={"data": Input(type="uri_folder"), "a": 0.5, "b": Input(type="integer"), "c": "x"},
    outputs={"model": Output(type="uri_folder")},
)


@pipeline()
def study(data):
    first = train(data=data, a=Uniform(min_value=0.1, max_value=0.9), b=3, c=Choice(["x", "y"]))
    best = first.sweep(primary_metric="acc", goal="Maximize", sampling_algorithm="random", max_total_trials=4)
    best.set_limits(max_concurrent_trials=2, timeout=7200, trial_timeout=120)
    best.early_termination = BanditPolicy(slack_factor=0.2, evaluation_interval=2, delay_evaluation=5)
    second = train(data=best.outputs.model, a=LogUniform(min_value=-6, max_value=-1), b=Randint(upper=9))
    better = second.sweep(primary_metric="loss", goal="minimize", sampling_algorithm="bayesian", max_total_trials=8)
    third = train(data=better.outputs.model, a=QUniform(0.1, 0.9, 0.1), b=Choice([1, 2, 3]))
    grid = third.sweep(primary_metric="loss", goal="minimize", sampling_algorithm="grid")
    grid.limits = SweepJobLimits(max_total_trials=3)
    grid.early_termination = TruncationSelectionPolicy(truncation_percentage=20)
    fourth = train(data=data, a=Normal(mu=0, sigma=1), b=4)
    normal = fourth.sweep(primary_metric="loss", goal="minimize", max_total_trials=2)
    normal.sampling_algorithm = RandomSamplingAlgorithm(rule="sobol", seed=7, logbase="e")
    fifth = train(data=data, a=LogNormal(mu=0, sigma=1), b=5)
    log = fifth.sweep(primary_metric="loss", goal="minimize", max_total_trials=2)
    log.compute = "big"
    sixth = train(data=data, a=QNormal(0, 1, 2), b=5)
    steps = sixth.sweep(primary_metric="loss", goal="minimize", max_total_trials=2)
    seventh = train(data=steps.outputs.model, a=QLogNormal(0, 1, 2), c=Choice(["z"]), b=2)
    log_steps = seventh.sweep(primary_metric="loss", goal="minimize", max_total_trials=2)
    eighth = train(data=log_steps.outputs.model, a=QLogUniform(0, 1, 2), b=2)
    last = eighth.sweep(primary_metric="loss", goal="minimize", max_total_trials=2)
    return {"model": last.outputs.model}


job = study(Input(type="uri_folder", path="./src"))
job.settings.default_compute = "cpu"
