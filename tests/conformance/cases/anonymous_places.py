"""Nodes from partials, lambdas, attributes, chained assignments."""

from functools import partial

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")
half = partial(a, n=4)


@pipeline
def p(d):
    x = half(data=d)
    y = (lambda q: a(data=q))(x)

    class Box:
        pass

    box = Box()
    box.step = a(data=y)
    z = w = a(data=box.step)
    return {"o": z.outputs.out}


job = p(D)
