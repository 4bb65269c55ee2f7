from azure.ai.ml import Input, MLClient
from azure.ai.ml.dsl import pipeline
from azure.identity import DefaultAzureCredential

client = MLClient.from_config(credential=DefaultAzureCredential())
prepare = client.components.get("prepare", label="latest")
train = client.components.get(name="train", version="2")
numbers = client.data.get("numbers", version="3")


@pipeline()
def line(table):
    prepared = prepare(numbers=table)
    fitted = train(table=prepared.outputs.table)
    return {"model": fitted.outputs.model}


client.jobs.create_or_update(line(Input(type="uri_file", path=numbers.path)))
