"""Parameters whose type is an Enum."""

from enum import Enum

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


class E(Enum):
    A = "aa"
    B = "bb"


@pipeline
def p(d, e: E = E.A, k: E = "bb"):
    x = a(data=d, s=e)
    y = a(data=d, s=k)


job = p(D)
