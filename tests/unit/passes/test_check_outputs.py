"""Outputs of pipelines: made once, by outputs that exist."""

from tests.support.ir import at, complaints, component, context, node, out, pipeline

MAKE = component("make", outputs={"model": "uri_folder", "log": "uri_file"})


def test_two_producers():
    around = context()
    found = complaints(
        pipeline(
            node("a", MAKE, outputs={"model": "m"}), node("b", MAKE, outputs={"log": "m"}, line=30), outputs=("m",)
        ),
        around,
    )
    assert found == [
        "E322 The output 'm' of the pipeline 'demo' is made twice. By the output 'model' of job 'a', "
        "and by the output 'log' of job 'b'. Bind one of them to another output."
    ]
    assert around.bag.items[0].span == at(30, 50)


def test_an_output_that_nothing_makes():
    (line,) = complaints(pipeline(node("a", MAKE), outputs=("m",)))
    assert line.startswith("W301 Nothing makes the output 'm' of the pipeline 'demo'.")


def test_an_unknown_output_that_is_bound_to_the_pipeline():
    found = complaints(pipeline(node("a", MAKE, outputs={"modle": "m"}), outputs=("m",)))
    assert found == [
        "W303 Job 'a' has no output 'modle'. The pipeline's output 'm' is not made by it. Did you mean 'model'?"
    ]


def test_settings_of_an_unknown_output():
    found = complaints(pipeline(node("a", MAKE, outputs={"modle": ""})))
    assert found == ["W303 Job 'a' has no output 'modle'. What is set for it has no effect. Did you mean 'model'?"]


def test_a_nested_output_that_somebody_wants_and_nobody_makes():
    inner = pipeline(node("a", MAKE), outputs=("m",), name="inner")
    use = component("use", inputs={"x": "uri_folder"})
    found = complaints(pipeline(node("i", inner), node("u", use, {"x": out("i", "m")}, line=30)))
    assert found[0].startswith("W301")
    assert found[1:] == [
        "E302 The output 'm' of job 'i' never comes. The pipeline 'inner' declares it, "
        "but none of its jobs makes it. Bind a job's output to it in 'inner'."
    ]
    promoted = complaints(pipeline(node("i", inner, outputs={"m": "m2"}), outputs=("m2",)))
    assert [line[:4] for line in promoted] == ["W301", "E302"]
