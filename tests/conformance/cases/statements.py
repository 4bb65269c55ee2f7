"""Every kind of statement that binds a name."""

from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d):
    x = a(data=d)
    x = b(data=x)
    x = a(data=x)
    y: object = b(data=x)
    (z := a(data=y))
    a_b_c = z
    del z
    with open(__file__) as f, open(__file__) as g:
        q = b(data=a_b_c)
    match 3:
        case 3:
            m = a(data=q)
    e = [*[a(data=m)], b(data=m)][0]
    return dict(o=e.outputs.out, **{"p": m.outputs["out"]})


job = p(D)
