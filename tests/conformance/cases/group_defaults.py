"""Groups as defaults of fields of groups."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a

D = Input(type="uri_folder", path="./data")


@group
class A1:
    q: int = 1


@group
class B1:
    a_: A1 = A1(q=5)
    r: int = 2


@group
class C1:
    b_: B1 = B1(r=7)
    s: str = "s"


@pipeline
def p(d, c: C1):
    x = a(data=d, n=c.b_.a_.q, s=c.s)
    y = a(data=d, n=c.b_.r)


job = p(D, C1())
