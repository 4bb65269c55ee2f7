"""What an input of another job is bound to."""

from tests.support.ir import checked, complaints, component, data, given, input_of, joined, node, out, pipeline

from mlc.ir.pipeline import Literal
from mlc.ir.types import PortType

MAKE = component("make", outputs={"out": "uri_folder"})
USE = component("use", inputs={"d": "uri_folder?", "n": "integer=3", "s": "string?"})


def resolved(*nodes, **rest):
    found, codes = checked(pipeline(*nodes, **rest))
    assert codes == []
    return {binding.name: binding.value for binding in found.nodes[-1].inputs}


def test_it_becomes_the_other_binding():
    assert resolved(node("m", MAKE), node("a", USE, {"d": out("m")}), node("b", USE, {"d": input_of("a", "d")})) == {
        "d": out("m")
    }


def test_over_several_jobs():
    last = node("c", USE, {"n": input_of("b", "n")})
    nodes = node("a", USE, {"n": 7}), node("b", USE, {"n": input_of("a", "n")}), last
    assert resolved(*nodes) == {"n": Literal(text="7", type=PortType.INTEGER)}


def test_a_default_and_nothing_at_all():
    found = resolved(node("a", USE), node("b", USE, {"n": input_of("a", "n"), "s": input_of("a", "s")}))
    assert found == {"n": Literal(text="3", type=PortType.INTEGER)}


def test_inside_of_text():
    found = resolved(
        node("a", USE, {"s": given("s")}),
        node("b", USE, {"s": joined("pre-", input_of("a", "s"), input_of("a", "n"))}),
        inputs={"s": "string=x"},
    )
    assert found["s"] == joined("pre-", given("s"), Literal(text="3", type=PortType.INTEGER))


def test_a_path_below_local_data(tmp_path):
    (tmp_path / "sub").mkdir()
    found = resolved(node("a", USE, {"d": data(tmp_path)}), node("b", USE, {"d": joined(input_of("a", "d"), "/sub")}))
    assert found["d"].local == f"{tmp_path}/sub"


def test_a_value_below_data_that_a_job_names_itself(tmp_path):
    (tmp_path / "x").mkdir()
    first = node("a", USE, {"d": data(tmp_path)})
    second = node("b", USE, {"d": joined(input_of("a", "d"), "/", given("s"))})
    (line,) = complaints(pipeline(first, second, inputs={"s": "string=x"}))
    assert line.startswith("E330 The path of the input 'd' is put together below data that another job names itself")


def test_a_reference_that_ends_where_it_started():
    found = complaints(
        pipeline(node("a", USE, {"s": input_of("b", "s")}), node("b", USE, {"s": input_of("a", "s")}, line=30))
    )
    assert found == [
        "E306 The input 's' refers to itself: a.inputs.s -> b.inputs.s -> a.inputs.s.",
        "E306 The input 's' refers to itself: b.inputs.s -> a.inputs.s -> b.inputs.s.",
    ]
