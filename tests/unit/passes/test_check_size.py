"""Empty, endless and exploding pipelines."""

import time

from tests.support.ir import complaints, component, node, pipeline, planned

STEP = component()


def nested(depth):
    level = pipeline(node("a", STEP))
    for _ in range(depth - 1):
        level = pipeline(node("inner", level))
    return level


def test_no_steps():
    assert complaints(pipeline()) == ["E310 The pipeline 'demo' has no steps. Add at least one job."]


def test_a_hundred_levels_are_fine():
    assert planned(nested(100)).tasks[0].name == "inner." * 99 + "a"


def test_a_hundred_and_one_are_not():
    (line,) = complaints(nested(101))
    assert line.startswith("E311 The pipeline 'demo' is nested more than 100 levels deep")


def test_ten_thousand_levels_do_not_break_anything():
    assert [line[:4] for line in complaints(nested(10_000))] == ["E311"]


def test_sharing_cannot_explode():
    level = pipeline(node("a", STEP))
    for _ in range(90):
        level = pipeline(node("x", level), node("y", level), node("z", level))
    started = time.process_time()
    (line,) = complaints(level)
    assert line.startswith("E312 The pipeline 'demo' has more than 20000 steps once nested pipelines are flattened")
    assert time.process_time() - started < 2
