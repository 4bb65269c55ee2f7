from pathlib import Path

from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

here = Path(__file__).parent
train = load_component(source=str(here / "yaml" / "train.yml"))
both = load_component(here / "yaml" / "both.yml")


@pipeline()
def from_yaml(raw):
    one = train(data=raw, rate=0.3)
    for rate in (1, 2.5):
        last = train(data=one.outputs.model, rate=rate, word="w")
    whole = both(raw=raw, rate=0.7)
    end = train(data=whole.outputs.model)
    return {"model": end.outputs.model}


job = from_yaml(raw=Input(type="uri_folder", path="./data"))
