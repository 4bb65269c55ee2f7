"""Conditions on plain Python values; the same pipeline called twice."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d, first=True):
    x = a(data=d, flag=first)
    if isinstance(first, bool):
        y = b(data=x)
    unused = None
    count = 3
    if count > 2:
        z = b(data=x)


job = p(D)
