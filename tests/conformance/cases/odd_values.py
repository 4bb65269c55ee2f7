from azure.ai.ml import Input, Output
from azure.ai.ml.constants import AssetTypes, InputOutputModes
from azure.ai.ml.dsl import pipeline
from parts import a, two


@pipeline(compute="cpu-cluster", default_datastore="store", continue_on_step_failure=False)
def odd_values(data, folder, lr=1, text="", number: float = 3, none=None, yes: bool = True):
    x = a(data=data, lr=lr, s=text, n=number)
    y = a(data=folder, n=none, lr=None)
    y.inputs.data.mode = InputOutputModes.DIRECT
    z = two(data=x.outputs.out)
    z.outputs.one = Output(type=AssetTypes.URI_FOLDER, mode="rw_mount")
    z.outputs.two.mode = "upload"
    z.compute = "gpu-cluster"
    z.environment_variables = {"A": "1"}
    z.set_limits(timeout=120)
    w = a(data=z.outputs.one, flag=yes, n=-5, lr=-0.0)
    v = a(data=z.outputs["one"], n=10**20, lr=1e-300)
    return {"one": z.outputs.one, "all": w.outputs.out}


job = odd_values(
    data=Input(type="uri_folder", path="azureml:thing:3", mode="download"),
    folder=Input(type=AssetTypes.MLTABLE, path="azureml://datastores/x/paths/y"),
    text="several words",
    number=7,
)
job.inputs.lr = 0.5
job.outputs.all = Output(type="uri_folder", mode="upload")
job.settings.force_rerun = True
job.experiment_name = "later"
