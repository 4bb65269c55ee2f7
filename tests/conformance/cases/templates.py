from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a


@pipeline()
def templates(data: Input(type="uri_folder"), s: str, t: str = "t", n: int = 2):
    x = a(data=data, s=s + t)
    y = a(data=data, s="(" + s + ") " + t + "!")
    z = a(data=x.outputs.out, s=f"{s}{t}{n}")
    w = a(data=data, n=n - 1, lr=1 - n)
    v = a(data=data, n=n // 2 + n % 2, flag=n == 3)
    u = a(data=data, n=n - 1)


job = templates(data=Input(type="uri_folder", path="./data"), s="s")
