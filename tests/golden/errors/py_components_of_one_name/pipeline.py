from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline

import other
import prepare


@pipeline()
def study(raw):
    first = prepare.prepare(data=raw)
    second = other.prepare(data=first.outputs.out)


job = study(Input(type="uri_folder", path="./data"))
