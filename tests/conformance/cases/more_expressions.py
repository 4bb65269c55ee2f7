"""Expressions of every operator, and every way to put a parameter into text."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d: Input(type="uri_folder"), n: int, s: str, f: float, q: bool, t: str = "t"):
    a(data=d, n=n + 1)
    a(data=d, n=n - 1, lr=f * n, s=s + "/x")
    a(data=d, n=-1 * n)
    a(data=d, n=2**n, lr=1 / f)
    a(data=d, flag=n > 3)
    a(data=d, flag=(n > 3) & (f < 2))
    a(data=d, s=f"{s}-{t}-{n}")
    a(data=d, s=f"{s}:{n}")
    a(data=d, s="%s:%s" % (s, n))
    a(data=d, s="a" + s + "b" + t)
    a(data=d, s=s + t + "z")
    a(data=d, flag=q == True)
    a(data=d, flag=s == "x", n=n // 2, lr=n % 3)
    a(data=d, n=n + n + n)
    a(data=d, s="/".join([str(s), str(t)]))
    a(data=d, s=str(n) + "x")
    a(data=d, s="${{parent.inputs.s}}/x")
    a(data=d, s="${{parent.inputs.s}}")


job = p(d=D, n=3, s="w", f=0.5, q=True)
