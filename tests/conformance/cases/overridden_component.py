"""Values put over those of a file."""

from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

D = Input(type="uri_folder", path="./data")
t = load_component(
    "yaml/train.yml",
    params_override=[
        {"name": "over"},
        {"version": "5"},
        {"display_name": "Over"},
        {"inputs.rate.default": 0.75},
        {"command": "echo overridden ${{inputs.data}} ${{outputs.model}}"},
    ],
)


@pipeline
def p(d):
    x = t(data=d)


job = p(d=D)
