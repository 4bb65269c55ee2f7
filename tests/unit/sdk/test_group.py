"""``@group``: defaults, nesting, inheritance, and fields in the inputs of jobs and nodes."""

from tests.support.scripts import script, study

HEAD = """
from azure.ai.ml.dsl._mldesigner import group

@group
class Inner:
    q: int = 1

@group
class Outer:
    n: int
    inner: Inner = Inner(q=4)

@group
class More(Outer):
    n: int = 9
    lr: float = 0.5
"""


def loaded(tmp_path, text, signature="d: Input(type='uri_folder'), g: Outer", call="Input(path='.'), Outer(n=2)"):
    source = study(text, head=HEAD, signature=signature, call=call)
    return script(tmp_path, source)


def values(found):
    return {item.port.name: item.value.text if item.value else item.port.default for item in found.pipeline.inputs[1:]}


def test_fields_are_parameters(tmp_path):
    found = loaded(tmp_path, "x = a(data=d, n=g.n, s=g.inner.q)")
    assert found.said == []
    assert found.bound("x") == {"data": "input d", "n": "input g.n", "s": "input g.inner.q"}
    assert values(found) == {"g.n": "2", "g.inner.q": "4"}


def test_what_extends_another_has_its_fields(tmp_path):
    found = loaded(
        tmp_path, "x = a(data=d, n=g.n, lr=g.lr)", "d: Input(type='uri_folder'), g: More", "Input(path='.'), More()"
    )
    assert values(found) == {"g.n": "9", "g.inner.q": "4", "g.lr": "0.5"}


def test_fields_are_set_on_the_job(tmp_path):
    found = loaded(tmp_path, "x = a(data=d, n=g.n)", call="Input(path='.'), Outer(n=2))\njob.inputs.g.n = 7\nstr(job")
    assert values(found) == {"g.n": "7", "g.inner.q": "4"}
    found = loaded(tmp_path, "x = a(data=d)", call="Input(path='.'), Outer(n=2))\njob.inputs.g.inner.q = 8\nstr(job")
    assert values(found) == {"g.n": "2", "g.inner.q": "8"}
    found = loaded(tmp_path, "x = a(data=d)", call="Input(path='.'), Outer(n=2))\njob.inputs.g = Outer(n=5)\nstr(job")
    assert values(found) == {"g.n": "5", "g.inner.q": "4"}


def test_fields_are_set_on_a_node(tmp_path):
    head = f"{HEAD}\n@pipeline()\ndef inner(d: Input(type='uri_folder'), g: Outer):\n    a(data=d, n=g.n)\n"
    text = "x = inner(d=d, g=Outer(n=2))\nx.inputs.g.n = 6\nx.inputs.g.inner.q = 7"
    found = script(tmp_path, study(text, head=head))
    assert found.said == []
    assert found.bound("x") == {"d": "input d", "g.n": "6", "g.inner.q": "7"}


def test_a_group_takes_keywords(tmp_path):
    found = loaded(tmp_path, "x = a(data=d)", call="Input(path='.'), Outer(3)")
    assert "E215" in found.codes


def test_a_default_has_its_fields_type_what_is_given_has_its_own(tmp_path):
    head = HEAD.replace("n: int\n", "n: int\n    rate: float = 0\n    share: float = 0\n")
    source = study(
        "x = a(data=d, n=g.n)",
        head=head,
        signature="d: Input(type='uri_folder'), g: Outer",
        call="Input(path='.'), Outer(n=2, share=0)",
    )
    found = values(script(tmp_path, source))
    assert (found["g.rate"], found["g.share"]) == ("0.0", "0")
