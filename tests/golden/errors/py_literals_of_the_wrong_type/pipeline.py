from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


@pipeline()
def study(raw):
    first = train(data=raw, rate="high", rounds=2.5)
    second = train(data=3)
    third = train(data=raw, mode="medium", rate=7)


job = study(Input(type="uri_folder", path="./data"))
