"""Settings of outputs of nodes and of the job."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from parts import a, two

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d):
    x = a(data=d)
    y = a(data=d)
    x.outputs.out = "azureml://datastores/w/paths/z"
    y.outputs["out"] = Output(mode="upload")
    z = two(data=y)
    return {"p": z.outputs.one, "q": z.outputs.two}


job = p(D)
job.outputs.p = Output(type="uri_folder", path="azureml://datastores/w/paths/q", mode="upload")
job.outputs["q"].path = "azureml://datastores/w/paths/r"
job.outputs["q"].name = "regd"
job.outputs["q"].version = "2"
