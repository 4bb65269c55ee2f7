"""Defaults of None, and of another type than the annotation."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d, s: str = None, n: int = None, f: float = 3, t: str = 5, b_: bool = "true"):
    x = a(data=d, s=s, n=n, lr=f)
    y = a(data=d, s=t)


job = p(D)
