"""Pipelines that factories, methods and partials make; steps of comprehensions; returns that are built up."""

import functools

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b

D = Input(type="uri_folder", path="./data")


def factory(times):
    @pipeline(display_name=f"times {times}")
    def made(d: Input(type="uri_folder"), n: int = times + 1):
        for k in range(times):
            d = a(data=d, n=k if k else n).outputs.out
        return {"out": d}

    return made


class Maker:
    """Keeps what it made."""

    count = 3
    last = None

    def step(self, data):
        node = a(data=data, n=self.count)
        self.last = node
        return node

    def build(self, data):
        @pipeline(name="inside")
        def inside(d: Input(type="uri_folder")):
            x = self.step(d)
            self.step(x.outputs.out)
            return {"out": self.last.outputs.out}

        return inside(d=data)


nine = functools.partial(a, n=9)


@pipeline
def p(d: Input(type="uri_folder")):
    one = factory(1)(d=d)
    two = factory(2)(d=one.outputs.out, n=7)
    sub = Maker().build(two.outputs.out)
    first = nine(data=sub.outputs.out)
    named = {f"k{k}": a(data=node) for k, node in enumerate([first, nine(data=d)])}
    ends = [b(data=node) for node in named.values()]
    results = {"whole": (whole := a(data=d)).outputs.out}
    before = whole
    for name, k in {"alpha": 1, "beta": 2}.items():
        before = a(data=before, n=k)
        before.name = name
        results[f"{name}_out"] = before.outputs.out
    return {**results, **{f"end{k}": node.outputs.out for k, node in enumerate(ends)}}


job = p(D)
