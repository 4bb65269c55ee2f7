"""Arguments out of dicts; big integers; text that is not ASCII."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")
kw = {"n": 4, "s": "é ü 日本"}


@pipeline
def p(d, n=1, s="x"):
    x = a(data=d, n=n, s=s)


args = dict(d=D, **kw)
job = p(**{**args, "n": 99999999999999999999999})
