from azure.ai.ml import MLClient, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment

count = command(
    name="count",
    command="seq ${{inputs.upto}}",
    environment=Environment(image="python:3.11-slim"),
    inputs={"upto": 3},
)


@pipeline()
def counting(upto: int):
    count(upto=upto)


client = MLClient.from_config()
for number in (10, 100):
    client.jobs.create_or_update(counting(number), experiment_name=f"upto-{number}")
