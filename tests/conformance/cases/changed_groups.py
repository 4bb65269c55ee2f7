"""Fields of groups that are set on the job."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a

D = Input(type="uri_folder", path="./data")


@group
class G:
    n: int = 3
    s: str = "s"


@pipeline
def p(d, g: G):
    x = a(data=d, n=g.n, s=g.s)


job = p(D, G())
job.inputs.g.n = 8
job.inputs["g"].s = "tt"
