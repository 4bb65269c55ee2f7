from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b


@pipeline()
def inner(data: Input(type="uri_folder"), lr: float = 0.5):
    s1 = a(data=data, lr=lr)
    b(data=s1.outputs.out)
    return {"res": s1.outputs.out}


@pipeline()
def middle(data: Input(type="uri_folder")):
    deep = inner(data=data)
    return deep.outputs


@pipeline()
def nested(data, lr: float = 0.1):
    first = inner(data=data, lr=lr)
    inner(data=first.outputs.res)
    third = middle(first)
    last = a(data=first)
    return {"final": last.outputs.out, "mid": first.outputs.res, "deep": third.outputs.res}


job = nested(Input(type="uri_folder", path="./data"))
