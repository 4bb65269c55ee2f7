from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


def share(total, parts):
    return total / parts


@pipeline()
def study(raw):
    first = train(data=raw, rate=share(1, 0))


job = study(Input(type="uri_folder", path="./data"))
