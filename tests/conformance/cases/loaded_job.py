"""A job from YAML that a script goes on changing."""

from azure.ai.ml import Input, load_job

job = load_job("yaml/job.yml")
job.display_name = "changed"
job.experiment_name = "exp"
job.inputs.rate = 0.5
job.inputs.raw = Input(type="uri_folder", path="./other")
job.settings.default_compute = "zz"
job.settings.force_rerun = True
job.jobs["one"].compute = "yy"
job.jobs["one"].inputs.rate = 0.9
job.jobs["two"].environment_variables = {"A": "b"}
job.outputs.out.mode = "upload"
job.tags["x"] = "y"
job.description = "dd"
