from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


def deeper(raw):
    return deeper(raw)


@pipeline()
def study(raw):
    deeper(raw)


job = study(Input(type="uri_folder", path="./data"))
