"""Parallel steps of a function and of a file, and settings of their nodes."""

from azure.ai.ml import Input, Output, load_component
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.parallel import RunFunction, parallel_run_function


def scoring(name):
    return parallel_run_function(
        name=name,
        inputs={"images": Input(type="uri_folder"), "label": Input(type="string", default="a")},
        outputs={"rows": Output(type="uri_file")},
        input_data="${{inputs.images}}",
        instance_count=2,
        mini_batch_size="10",
        mini_batch_error_threshold=1,
        retry_settings={"max_retries": 2, "timeout": 60},
        logging_level="DEBUG",
        task=RunFunction(
            code="./src",
            entry_script="score.py",
            program_arguments="--label ${{inputs.label}}",
            append_row_to="${{outputs.rows}}",
            environment="azureml:env:1",
        ),
    )


score = scoring("score")
again = scoring("again")
filed = load_component("./score.yml")


@pipeline()
def study(images):
    score(images=images)
    second = again(images=images, label="b")
    second.mini_batch_size = "5"
    second.max_concurrency_per_instance = 3
    second.resources.instance_count = 4
    third = filed(images=images)
    third.mini_batch_error_threshold = 7
    third.retry_settings = {"max_retries": 1, "timeout": 30}
    return {"rows": third.outputs.rows}


job = study(Input(type="uri_folder", path="./src"))
job.settings.default_compute = "cpu"
