"""``PipelineJob(jobs={...})``: nodes that are made outside of a pipeline function, with bindings as text."""

from azure.ai.ml import Input, Output
from azure.ai.ml.entities import PipelineJob, PipelineJobSettings
from parts import a

first = a(data="${{parent.inputs.raw}}", n="${{parent.inputs.rounds}}")
first.outputs.out = "${{parent.outputs.made}}"
second = a(data="${{parent.jobs.first.outputs.out}}", n=2)
second.compute = "gpu"

job = PipelineJob(
    display_name="Written down",
    experiment_name="study",
    tags={"a": "b"},
    jobs={"first": first, "second": second},
    inputs={"raw": Input(type="uri_folder", path="./data"), "rounds": 3},
    outputs={"made": Output(type="uri_folder", mode="upload")},
    settings=PipelineJobSettings(default_compute="cpu", continue_on_step_failure=True),
)
assert isinstance(job, PipelineJob)
