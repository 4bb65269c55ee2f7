"""CommandComponent, and limits of declared inputs."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import CommandComponent

D = Input(type="uri_folder", path="./data")
t = CommandComponent(
    name="cc",
    version="1",
    command="echo ${{inputs.x}} ${{outputs.o}}",
    environment="azureml:e:1",
    inputs={"x": {"type": "string", "default": "q"}, "n": Input(type="integer")},
    outputs={"o": {"type": "uri_folder"}},
    resources={"instance_count": 3},
)


@pipeline
def p(d):
    x = t(x="3", n=4)


job = p(d=D)
