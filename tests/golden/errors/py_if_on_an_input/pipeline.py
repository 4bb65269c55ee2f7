from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


@pipeline()
def study(raw, deep: bool = True):
    first = train(data=raw)
    if deep:
        second = train(data=first.outputs.model)


job = study(Input(type="uri_folder", path="./data"))
