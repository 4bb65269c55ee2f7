"""A pipeline function behind another decorator."""

import contextlib

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


@contextlib.contextmanager
def ctx():
    yield 3


def deco(f):
    import functools

    @functools.wraps(f)
    def inner(*args, **kw):
        return f(*args, **kw)

    return inner


@pipeline
@deco
def p(d, n: int = 3):
    with ctx() as k:
        x = a(data=d, n=k)
    y = a(data=x, n=n)


job = p(D)
