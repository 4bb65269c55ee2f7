from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline

from prepare import prepare


@pipeline()
def study(raw):
    first = prepare(data=raw)


job = study(Input(type="uri_folder", path="./data"))
