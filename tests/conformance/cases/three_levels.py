"""Three levels of nesting, nodes that stand for their only output, loops over levels."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def leaf(d: Input(type="uri_folder"), n: int = 1):
    x = a(data=d, n=n)
    return {"o": x.outputs.out}


@pipeline
def mid(d: Input(type="uri_folder"), n: int = 2):
    x = leaf(d=d, n=n)
    y = leaf(d=x.outputs.o)
    return {"o": y.outputs.o, "first": x.outputs.o}


@pipeline
def top(d: Input(type="uri_folder"), n: int = 3):
    x = mid(d=d, n=n)
    y = mid(d=x.outputs.first, n=n)
    return {"o": y.outputs.o}


@pipeline
def p(d):
    x = top(d=d)
    leaf(d=x)
    for n in (1, 2):
        y = top(d=x.outputs.o, n=n)
    return y.outputs


job = p(D)
