"""on_init and on_finalize."""

from tests.support.ir import complaints, component, node, out, pipeline

from mlc.ir.pipeline import Settings

STEP = component(inputs={"x": "uri_folder?"}, outputs={"out": "uri_folder"})
MAIN = node("main", STEP)


def said(*nodes, **settings):
    return complaints(pipeline(*nodes, settings=Settings(**settings)))


def test_jobs_that_stand_apart():
    assert said(node("begin", STEP), MAIN, node("end", STEP), on_init="begin", on_finalize="end") == []


def test_an_unknown_job():
    assert said(MAIN, on_init="begin") == [
        "E332 on_init names the job 'begin', which does not exist. The jobs are: 'main'."
    ]


def test_a_job_that_exchanges_data():
    for nodes in (
        [node("begin", STEP), node("main", STEP, {"x": out("begin")})],
        [MAIN, node("begin", STEP, {"x": out("main")})],
    ):
        (line,) = said(*nodes, on_init="begin")
        assert line.startswith("E332 on_init names the job 'begin', which exchanges data with other jobs.")


def test_there_must_be_something_between():
    found = said(node("begin", STEP), node("end", STEP), on_init="begin", on_finalize="end")
    assert found[0].startswith("E332 The pipeline 'demo' has no jobs but those of on_init and on_finalize.")
