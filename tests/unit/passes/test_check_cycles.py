"""Jobs that wait for each other."""

from tests.support.ir import at, complaints, component, context, node, out, pipeline

STEP = component(inputs={"x": "uri_folder?", "y": "uri_folder?"}, outputs={"out": "uri_folder"})


def test_the_whole_way_round_is_named():
    around = context()
    found = complaints(
        pipeline(
            node("a", STEP, {"x": out("c")}, line=20),
            node("b", STEP, {"x": out("a")}, line=30),
            node("c", STEP, {"x": out("b")}, line=40),
            node("d", STEP, {"x": out("c")}, line=50),
        ),
        around,
    )
    assert found == [
        "E306 The jobs of the pipeline 'demo' wait for each other: a -> b -> c -> a. "
        "Bind one of these inputs to something that is there before."
    ]
    assert around.bag.items[0].span == at(20, 10)


def test_a_job_that_takes_its_own_output():
    (line,) = complaints(pipeline(node("a", STEP, {"x": out("a")})))
    assert line.startswith("E306 Job 'a' takes its own output: a -> a.")


def test_two_cycles_are_two_messages():
    nodes = [
        node("a", STEP, {"x": out("b")}, line=20),
        node("b", STEP, {"x": out("a")}, line=30),
        node("c", STEP, {"x": out("d"), "y": out("a")}, line=40),
        node("d", STEP, {"x": out("c")}, line=50),
    ]
    found = complaints(pipeline(*nodes))
    assert ["a -> b -> a" in found[0], "c -> d -> c" in found[1], len(found)] == [True, True, 2]


def test_a_cycle_of_nested_pipelines():
    inner = pipeline(node("s", STEP, outputs={"out": "res"}), inputs={"d": "uri_folder?"}, outputs=("res",))
    found = complaints(
        pipeline(node("a", inner, {"d": out("b", "res")}), node("b", inner, {"d": out("a", "res")}, line=30))
    )
    assert [line[:4] for line in found] == ["E306"]


def test_a_long_chain_is_no_cycle():
    nodes = [node("n0", STEP)] + [node(f"n{i}", STEP, {"x": out(f"n{i - 1}")}) for i in range(1, 3000)]
    assert complaints(pipeline(*nodes)) == []


def test_a_long_cycle():
    nodes = [node(f"n{i}", STEP, {"x": out(f"n{(i - 1) % 3000}")}) for i in range(3000)]
    (line,) = complaints(pipeline(*nodes))
    assert "n0 -> n1 -> n2 -> " in line
