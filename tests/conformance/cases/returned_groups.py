"""Outputs that leave as a group."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import two

D = Input(type="uri_folder", path="./data")


@group
class Ports:
    one: Output(type="uri_folder")
    two: Output(type="uri_file")


@pipeline
def p(d) -> Ports:
    x = two(data=d)
    return Ports(one=x.outputs.one, two=x.outputs.two)


job = p(D)
