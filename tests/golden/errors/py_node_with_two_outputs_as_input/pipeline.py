from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")
split = load_component("split.yml")


@pipeline()
def study(raw):
    first = split(data=raw)
    second = train(data=first)


job = study(Input(type="uri_folder", path="./data"))
