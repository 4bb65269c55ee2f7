from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a


@pipeline()
def inner(data: Input(type="uri_folder"), s: Input(type="string", optional=True)):
    x = a(data=data, s=s)
    return {"o": x.outputs.out}


@pipeline()
def optional(data, s: Input(type="string", optional=True), unused: str = "u"):
    x = a(data=data, s=s)
    y = inner(data=data)
    z = inner(data=y, s=s)


job = optional(data=Input(type="uri_folder", path="./data"))
