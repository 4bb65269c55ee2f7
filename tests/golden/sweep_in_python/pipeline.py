"""A sweep and a parallel step, as a study would write them."""

from azure.ai.ml import Input, MLClient, Output, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment
from azure.ai.ml.parallel import RunFunction, parallel_run_function
from azure.ai.ml.sweep import Choice, MedianStoppingPolicy, QUniform

train = command(
    name="train",
    command="echo ${{inputs.rate}} ${{inputs.kernel}} > ${{outputs.model}}/model.txt",
    environment=Environment(image="python:3.11-slim"),
    inputs={"data": Input(type="uri_folder"), "rate": 0.1, "kernel": "rbf"},
    outputs={"model": Output(type="uri_folder")},
)
score = parallel_run_function(
    name="score",
    inputs={"data": Input(type="uri_folder"), "model": Input(type="uri_folder")},
    outputs={"rows": Output(type="uri_file")},
    input_data="${{inputs.data}}",
    mini_batch_size="10",
    instance_count=1,
    task=RunFunction(
        code="./src",
        entry_script="score.py",
        program_arguments="--model ${{inputs.model}}",
        append_row_to="${{outputs.rows}}",
        environment=Environment(image="python:3.11-slim"),
    ),
)


@pipeline()
def study(data, trials: int = 12):
    trial = train(data=data, rate=QUniform(min_value=0.1, max_value=0.9, q=0.1), kernel=Choice(["rbf", "linear"]))
    best = trial.sweep(primary_metric="accuracy", goal="maximize", sampling_algorithm="random")
    best.set_limits(max_total_trials=trials, max_concurrent_trials=3)
    best.early_termination = MedianStoppingPolicy(delay_evaluation=5, evaluation_interval=1)
    scored = score(data=data, model=best.outputs.model)
    scored.mini_batch_size = "20"
    return {"rows": scored.outputs.rows}


MLClient(None).jobs.create_or_update(study(Input(type="uri_folder", path="./data")))
