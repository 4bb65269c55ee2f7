"""Nodes in dicts, tuples, comprehensions, with, try; names that a loop gives."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b

D = Input(type="uri_folder", path="./data")


def make(k):
    return a(data=D, n=k)


@pipeline
def p(d):
    steps = {}
    for i, name in enumerate(["one", "two"]):
        steps[name] = make(i)
        steps[name].name = "step_" + name
    tup = (b(data=steps["one"]), b(data=steps["two"]))
    first, second = tup
    lst = [b(data=first) for _ in range(2)]
    with open(__file__):
        inner = b(data=second)
    if len(lst) > 1:
        cond = b(data=inner)
    else:
        cond = None
    try:
        t = b(data=cond)
    finally:
        last = t
    return {"res": last.outputs.out}


job = p(D)
