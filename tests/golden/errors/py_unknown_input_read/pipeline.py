from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


@pipeline()
def study(raw):
    first = train(data=raw)
    second = train(data=first.inputs.dta)


job = study(Input(type="uri_folder", path="./data"))
