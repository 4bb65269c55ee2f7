"""Components that are changed after they were loaded."""

from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment, ResourceConfiguration

D = Input(type="uri_folder", path="./data")
t = load_component("yaml/train.yml")
t.version = "7"
t.name = "other_name"
t.environment = Environment(image="python:3.11", name="mine")
t.display_name = "Shown"
t.resources = ResourceConfiguration(instance_count=2)


@pipeline
def p(d):
    x = t(data=d)
    y = t(data=x.outputs.model, rate=2)


job = p(d=D)
