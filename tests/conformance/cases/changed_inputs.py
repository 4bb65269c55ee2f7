"""Inputs bound again, and settings of data that are shared."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d):
    x = a(data=d)
    x.inputs.data.mode = "download"
    x.inputs.data = d
    y = a(data=d)
    y.inputs.data = D
    y.inputs.data.mode = "download"
    z = a(data=y.outputs.out)
    z.inputs.data.mode = "direct"
    w = a()
    w.inputs.data = z.outputs.out
    w.inputs.n = 3
    w.inputs.n = None
    w.inputs.s = "x"


job = p(d=D)
