"""Nodes of a job from YAML, and its data."""

from azure.ai.ml import load_job
from azure.ai.ml.entities import CommandJobLimits, PipelineJobSettings

job = load_job("yaml/job.yml")
job.jobs["one"].outputs.model.mode = "upload"
job.jobs["two"].resources = {"instance_count": 3}
job.jobs["two"].limits = CommandJobLimits(timeout=33)
job.jobs["two"].component.command = "echo new"
x = job.inputs.raw.path
job.inputs.raw.path = "./elsewhere"
job.inputs.raw.mode = "download"
job.settings = PipelineJobSettings(default_compute="q", continue_on_step_failure=True)
job.compute = "abc"
job.name = "given"
