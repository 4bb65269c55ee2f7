"""Nodes of functions inside of the pipeline function, and names given later."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d, n: int = 3):
    def local(k):
        inner = a(data=d, n=k)
        return inner

    one = local(1)
    two_ = local(2)
    steps = [local(i) for i in range(2)]
    for i, s in enumerate(steps):
        s.name = f"step_{i}"
    gen = sum(1 for _ in (b(data=s) for s in steps))
    for x, y in zip(steps, [1, 2]):
        last = a(data=x, n=y)
    while True:
        last = b(data=last)
        break


job = p(D)
