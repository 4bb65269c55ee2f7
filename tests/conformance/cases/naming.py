from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b, two


def helper(data):
    return a(data=data)


@pipeline()
def naming(data):
    x = a(data=data)
    y = a(data=x.outputs.out)
    a(data=y.outputs.out)
    a(data=y)
    for i in range(2):
        z = a(data=data, n=i)
    lst = [a(data=data) for _ in range(2)]
    t = two(data=data)
    t.name = "custom"
    two(data=data)
    _ = two(data=data)
    n1 = b(data=data)
    n2 = n1
    node_b = b(data=data)
    node_b = b(data=data)
    gone = b(data=data)
    del gone
    helper(data)
    h = helper(data)
    kept = {"k": two(data=data)}
    return {"final": z.outputs.out, "listed": lst[0].outputs.out, "kept": kept["k"].outputs.one}


job = naming(data=Input(type="uri_folder", path="./data"))
