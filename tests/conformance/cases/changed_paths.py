"""Paths and modes of data that is bound already."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a


@pipeline
def p(d, e):
    y = a(data=d)
    y.inputs.data.path = "./other"
    z = a(data=e)
    z.inputs.data = d
    z.inputs.data.mode = "direct"
    x = a(data=e)
    x.inputs.data.mode = "direct"
    x.inputs.data = d


job = p(d=Input(type="uri_folder", path="./data"), e=Input(type="uri_folder", path="./data", mode="download"))
