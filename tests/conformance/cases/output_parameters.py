"""Parameters of pipelines that are annotated as outputs: no value is needed, and the outputs are those returned."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def inner(d: Input(type="uri_folder"), x: Output(type="uri_folder", mode="upload"), y: Output):
    n = a(data=d, n=1)
    return {"x": n.outputs.out}


@pipeline
def outer(d: Input(type="uri_folder"), z: Output(type="uri_file", mode="upload")):
    first = inner(d=d, x="./data")
    m = a(data=first.outputs.x, n=2)
    return {"z": m.outputs.out, "first": first.outputs.x}


job = outer(D)
