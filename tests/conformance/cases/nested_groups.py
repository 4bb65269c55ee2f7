"""Groups in groups, and groups that extend others."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from parts import a

D = Input(type="uri_folder", path="./data")


@group
class Inner:
    a_: int
    b_: str = "bb"


@group
class Outer:
    inner: Inner
    f: float = 0.5
    e: Input(type="integer", min=1, default=4)


@group
class Sub(Outer):
    extra: bool = True
    f: float = 0.75


@pipeline
def p(d: Input(type="uri_folder"), g: Outer, h: Sub):
    x = a(data=d, n=g.inner.a_, s=g.inner.b_, lr=g.f)
    y = a(data=d, n=h.e, flag=h.extra, lr=h.f)


job = p(d=D, g=Outer(inner=Inner(a_=3)), h=Sub(inner=Inner(a_=5, b_="q"), extra=False))
