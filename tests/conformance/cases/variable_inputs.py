"""``**inputs`` of a component function: each call has inputs of its own, typed by its values."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from mldesigner import command_component


@command_component
def blend(count: int, result: Output(type="uri_folder"), **sources):
    """Anything may be blended."""


@command_component()
def show(**anything):
    """Takes nothing by name."""


@pipeline
def study(raw: Input(type="uri_folder"), rounds: int):
    plain = blend(count=rounds, seed=2, label="text", fast=True, rate=1.5)
    bound = blend(count=rounds, data=raw, rounds=rounds)
    after = blend(count=1, before=bound.outputs.result)
    show()
    show(z=1, before=after.outputs.result)
    values = {"count": 3, "more": "words"}
    blend(**values)
    return {"result": after.outputs.result, "plain": plain.outputs.result}


job = study(raw=Input(type="uri_folder", path="./yaml"), rounds=3)
