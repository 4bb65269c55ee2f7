import os

from azure.ai.ml import MLClient, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment
from azure.identity import DefaultAzureCredential

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
GROUP = os.environ["AZURE_RESOURCE_GROUP"]
client = MLClient(DefaultAzureCredential(), SUBSCRIPTION, GROUP, os.environ["AML_WORKSPACE_NAME"])
report = command(
    name="report",
    command="echo ${{inputs.group}}",
    environment=Environment(image="python:3.11-slim"),
    inputs={"group": "none"},
)


@pipeline()
def reports():
    report(group=f"group {GROUP}")


client.jobs.create_or_update(reports())
