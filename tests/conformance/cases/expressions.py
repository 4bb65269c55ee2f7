from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a


@pipeline()
def expressions(data: Input(type="uri_folder"), n: int, s: str, lr: float = 0.5):
    x = a(data=data, n=n + 1, lr=lr * 2)
    y = a(data=data, s="pre-" + s)
    z = a(data=data, s=f"fmt-{s}-{n}")
    w = a(data=data, n=(n + 1) * n, flag=lr > 0.1)


job = expressions(data=Input(type="uri_folder", path="./data"), n=3, s="word")
