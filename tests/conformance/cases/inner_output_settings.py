"""Settings of outputs inside of nested pipelines count outside, until others are made there."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from parts import a, b, two

D = Input(type="uri_folder", path="./data")


@pipeline
def inner(d: Input(type="uri_folder")):
    x = a(data=d)
    x.outputs.out.mode = "upload"
    x.outputs.out.path = "azureml://datastores/w/paths/x"
    x.outputs.out.name = "asset"
    x.outputs.out.version = "3"
    y = two(data=d)
    y.outputs.two.mode = "upload"
    z = two(data=d)
    z.outputs.two.type = "custom_model"
    return {"o": x.outputs.out, "t": y.outputs.two, "u": z.outputs.two}


@pipeline
def mid(d: Input(type="uri_folder")):
    n = inner(d=d)
    return n.outputs


@pipeline
def p(d):
    y = inner(d=d)
    y2 = inner(d=d)
    z = mid(d=d)
    z.outputs.o.mode = "rw_mount"
    y2.outputs.o.path = "azureml://datastores/w/paths/y2"
    w = inner(d=d)
    w.outputs.o = Output(type="uri_folder", mode="rw_mount")
    b(data=w.outputs.t)
    return {
        "o": z.outputs.o,
        "q": y.outputs.o,
        "t": z.outputs.t,
        "w": w.outputs.o,
        "y2": y2.outputs.o,
        "u": z.outputs.u,
    }


job = p(d=D)
