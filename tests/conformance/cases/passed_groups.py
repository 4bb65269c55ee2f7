"""Groups that are passed on to nested pipelines."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a

D = Input(type="uri_folder", path="./data")


@group
class G:
    n: int = 3
    s: str = "x"


@pipeline
def inner(d: Input(type="uri_folder"), g: G):
    x = a(data=d, n=g.n, s=g.s)
    return {"o": x.outputs.out}


@pipeline
def p(d, g: G, k: int = 2):
    y = inner(d=d, g=g)
    z = inner(d=d, g=G(n=9))
    w = inner(d=d, g=G(n=k, s="t"))


job = p(d=D, g=G(s="given"))
