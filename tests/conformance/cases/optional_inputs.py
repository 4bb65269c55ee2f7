"""Optional inputs of nested pipelines, bound, unbound and bound to optional ones."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def inner(
    d: Input(type="uri_folder"),
    e: Input(type="uri_folder", optional=True),
    s: Input(type="string", optional=True),
    t: str = None,
):
    x = a(data=d, s=s)
    y = a(data=e, s=t)
    return {"o": x.outputs.out}


@pipeline
def p(d, opt: Input(type="string", optional=True), od: Input(type="uri_folder", optional=True)):
    y = inner(d=d)
    z = inner(d=d, s=opt)
    w = inner(d=d, e=od)
    v = inner(d=d, t="q", s=None)


job = p(d=D)
