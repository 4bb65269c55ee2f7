"""Values against types, ranges and lists."""

import pytest
from tests.support.ir import at, complaints, component, context, given, node, out, pipeline

from mlc.ir.component import InputPort
from mlc.ir.types import PortType


def port(kind, **rest):
    return InputPort(name="x", type=PortType(kind), span=at(7), **rest)


def gets(value, kind):
    return complaints(pipeline(node("a", component(inputs={"x": kind}), {"x": value})))


GOOD = [
    *(("integer", text) for text in ("3", "-3", "+3", "0", "3.0", "10.")),
    *(("number", text) for text in ("3", "0.1", "-.5", "1e-05", "1E5", "inf", "nan", "007")),
    *(("boolean", text) for text in ("True", "false", "TRUE")),
    *(("string", text) for text in ("", "a b", "3", "True", "'")),
]
BAD = [
    *(("integer", text) for text in ("", "abc", "2.5", "1e3", "1_000", " 3", "3\n", "0x10", "True", "٣")),
    *(("number", text) for text in ("", "abc", "1,5", "1_0.0", "True", "0x1", ".", "e5")),
    *(("boolean", text) for text in ("", "1", "0", "yes", "on", "maybe")),
]


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_values_that_fit(kind, text):
    assert gets(text, kind) == []


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_values_that_do_not(kind, text):
    article = {"integer": "is no integer. Give a whole number."}.get(kind, f"is no {kind}.")
    (line,) = gets(text, kind)
    assert line.startswith(f"E315 The input 'x' of job 'a' gets {text!r}, which {article}")


def test_the_place_is_that_of_the_value():
    around = context()
    complaints(pipeline(node("a", component(inputs={"x": "integer"}), {"x": "abc"}, line=33)), around)
    assert [item.span for item in around.bag.items] == [at(33, 10)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "E316 The input 'x' of job 'a' gets '0', which is less than the minimum, 1. Give 1 or more."),
        (11, "E316 The input 'x' of job 'a' gets '11', which is more than the maximum, 10. Give 10 or less."),
    ],
)
def test_ranges(value, said):
    assert gets(value, port("integer", minimum=1, maximum=10)) == [said]
    assert gets(5, port("integer", minimum=1, maximum=10)) == []


def test_lists():
    fast = port("string", enum=("fast", "slow"))
    assert gets("fast", fast) == []
    assert gets("fats", fast) == [
        "E317 The input 'x' of job 'a' gets 'fats', which is not one of the allowed values. Did you mean 'fast'?"
    ]


def test_nothing_for_an_optional_input_is_nothing():
    assert gets("", "integer?") == []


@pytest.mark.parametrize(
    ("kind", "value", "function", "code"),
    [
        ("number", "2.5", None, "W305"),
        ("number", "2.5", "step", "E315"),
        ("string", "2.5", None, "E315"),
        ("number", "2.0", None, None),
    ],
)
def test_a_number_of_the_pipeline_for_an_integer(kind, value, function, code):
    use = component(inputs={"n": "integer"}, is_python_function=function is not None)
    found = complaints(pipeline(node("a", use, {"n": given("n")}), inputs={"n": kind}, values={"n": value}))
    assert [line[:4] for line in found] == ([code] if code else [])


def test_the_value_of_a_pipeline_input():
    use = component(inputs={"n": "integer"})
    found = complaints(pipeline(node("a", use, {"n": given("n")}), inputs={"n": "integer"}, values={"n": "abc"}))
    assert found == ["E315 The pipeline input 'n' gets 'abc', which is no integer. Give a whole number."]


def test_a_pipeline_input_is_judged_by_where_it_goes():
    use = component(inputs={"x": port("integer", maximum=5)})
    nodes = node("a", use, {"x": given("n")})
    assert complaints(pipeline(nodes, inputs={"n": "string"}, values={"n": "3"})) == []
    assert complaints(pipeline(nodes, inputs={"n": "integer"}, values={"n": 9})) == [
        "E316 The input 'x' of job 'a', bound to the pipeline input 'n', gets '9', "
        "which is more than the maximum, 5. Give 5 or less."
    ]


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("integer", "number", None),
        ("boolean", "string", None),
        ("number", "integer", "W305"),
        ("string", "boolean", "W305"),
        ("boolean", "integer", "E315"),
        ("integer", "boolean", "E315"),
    ],
)
def test_values_that_come_when_the_pipeline_runs(source, target, code):
    make, use = component("make", outputs={"out": source}), component("use", inputs={"x": target})
    found = complaints(pipeline(node("m", make), node("u", use, {"x": out("m")})))
    assert [line[:4] for line in found] == ([code] if code else [])


def test_defaults_that_break_their_own_rules():
    found = complaints(pipeline(node("a", component(inputs={"x": port("integer", default="11", maximum=10)}))))
    assert found == ["W302 The default '11' of the input 'x' is more than the maximum, 10. Give 10 or less."]
    found = complaints(pipeline(node("a", component(inputs={"x": port("integer", default="x")}))))
    assert found == ["E315 The default 'x' of the input 'x' is no integer. Give a whole number."]


def test_a_number_where_words_are_listed_is_only_warned_about():
    (line,) = gets(224, port("string", enum=("True", "False")))
    assert line.startswith("W305 The input 'x' of job 'a' gets the number 224, which is not one of the allowed values.")
    assert gets(224, port("string", enum=("224", "112"))) == []
    assert gets(3, port("integer", enum=("1", "2")))[0].startswith("E317")
