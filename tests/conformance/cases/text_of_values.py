"""How values are spelled: big, small, negative, not ASCII, with placeholders that are none."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d, a2="x y", a3=0, a4=-0.0, a5=1e300, a6=False, a7=10**30, a8=0.1 + 0.2, a9="é日"):
    x = a(data=d, s=a2, n=a3, lr=a4, flag=a6)
    y = a(data=d, s=a9, n=a7, lr=a5)
    z = a(data=d, s="", n=True, lr=1, flag="no")
    w = a(data=d, s="line\nbreak\ttab", lr=float("1e-7"), n=-0)
    v = a(data=d, s="${NOT} $x %d {} {{}} ${{unknown}}", lr=a8)


job = p(D)
