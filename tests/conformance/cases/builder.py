from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import builder


@pipeline
def build(d: Input):
    x = builder(d=d)
    y = builder(d=d, x=9, y="given")
    z = builder()
    z.environment_variables["B"] = "c"
    return {"o": y.outputs.o}


job = build(d=Input(path="./data"))
