"""Outputs of command() with settings of their own."""

from azure.ai.ml import Input, Output, command
from azure.ai.ml.dsl import pipeline

D = Input(type="uri_folder", path="./data")
t = command(
    name="cc",
    command="echo ${{outputs.a}}",
    environment="azureml:e:1",
    outputs={
        "a": Output(
            type="uri_file", path="azureml://datastores/w/paths/q.txt", mode="rw_mount", name="assetn", version="2"
        ),
        "b": Output(),
    },
)


@pipeline
def p(d):
    x = t()
    y = t()
    y.outputs.a = Output(type="uri_folder")
    return {"r": x.outputs.a, "s": y.outputs.b}


job = p(d=D)
