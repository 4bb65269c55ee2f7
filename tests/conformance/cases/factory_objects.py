"""Nodes that an object makes and keeps."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a

D = Input(type="uri_folder", path="./data")


class Factory:
    def __init__(self):
        self.nodes = []

    def make(self, d):
        node = a(data=d)
        self.nodes.append(node)
        return node


@pipeline
def p(d):
    f = Factory()
    x = f.make(d)
    f.make(x)
    train = f.make(x)


job = p(D)
