"""Expressions on fields of groups."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a

D = Input(type="uri_folder", path="./data")


@group
class G:
    n: int


@pipeline
def p(d, c: G, e: G, n: int):
    a(data=d, n=c.n + e.n)
    a(data=d, n=n + e.n + c.n)
    a(data=d, n=e.n * 2)


job = p(D, c=G(n=3), e=G(n=3), n=5)
