from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

train = load_component("train.yml")


@pipeline()
def study(raw):
    first = train(data=raw)
    first.inputs.raet = 0.5
    first.output.model = "azureml://x"


job = study(Input(type="uri_folder", path="./data"))
job.inputs.rwa = 3
