from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a


@group
class G:
    lr: float = 0.1
    n: int = 3


@pipeline()
def groups(d: Input(type="uri_folder"), g: G, h: G = G(lr=0.9)):
    x = a(data=d, lr=h.lr, n=g.n)


job = groups(d=Input(type="uri_folder", path="./data"), g=G(n=7))
