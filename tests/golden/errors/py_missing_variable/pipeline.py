import os

from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

WORKSPACE = os.environ["WORKSPACE_OF_STUDY"]
train = load_component("train.yml")


@pipeline()
def study(raw):
    first = train(data=raw)


job = study(Input(type="uri_folder", path="./data"))
