from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b, two

kept = []


class Holder:
    pass


@pipeline()
def inner(data: Input(type="uri_folder")):
    x = a(data=data)
    return {"o": x.outputs.out}


@pipeline(name="odd_component", description="Odd.")
def odd_names(data, k: int = 2):
    """Names in odd places."""
    first, second = a(data=data), b(data=data)
    [third] = [two(data=data)]
    if (walrus := a(data=data)) is not None:
        kept.append(walrus)
    holder = Holder()
    holder.node = a(data=data)

    def make():
        made = b(data=data)
        return made

    made_outside = make()
    for _ in range(2):
        inner(data=data)
    loop = [inner(data=data) for _ in range(2)]
    inner_again = inner(data=loop[1])
    step_a = b(data=data)
    try:
        raise ValueError
    except ValueError:
        handled = a(data=data)
    with_number_1 = a(data=data)
    with_number_1.name = "renamed"
    second = second
    __ = a(data=data)
    return {"a": first.outputs.out, "b": inner_again.outputs.o}


job = odd_names(Input(type="uri_folder", path="./data"), k=5)
