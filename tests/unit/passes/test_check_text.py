"""Zero bytes and halves of characters."""

import pytest
from tests.support.ir import complaints, component, node, pipeline, planned


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "é\udfff"])
def test_text_that_cannot_be_carried(text):
    step = component(inputs={"x": "string"})
    assert [line[:4] for line in complaints(pipeline(node("a", step, {"x": text})))] == ["E329"]
    assert [line[:4] for line in complaints(pipeline(node("a", component("c", f"run {text}"))))] == ["E329"]
    found = complaints(pipeline(node("a", component()), inputs={"x": "string"}, values={"x": text}))
    assert found == [
        "E329 The pipeline input 'x' has a zero byte or half a character. No program gets it. "
        "Take it out; a file as input can hold any bytes."
    ]


@pytest.mark.parametrize("text", ["", "é\n\t日本\x01\x7f", "$HOME `x` '"])
def test_text_that_can(text):
    assert complaints(pipeline(node("a", component(inputs={"x": "string"}), {"x": text}))) == []


def test_text_that_no_variable_holds():
    step = component(inputs={"x": "string"})
    assert complaints(pipeline(node("a", step, {"x": "é" * 60_000}))) == []
    assert complaints(pipeline(node("a", step, {"x": "é" * 70_000}))) == [
        "E329 The input 'x' of job 'a' is 140,000 bytes long. An environment variable holds 130,816 bytes at most. "
        "Put it into a file, and make that an input."
    ]
    assert [line[:4] for line in complaints(pipeline(node("a", component("c", "x" * 200_000))))] == ["E329"]


def test_words_for_people_lose_what_nothing_can_show():
    plan = planned(pipeline(node("a", component(description="a\0b\ud800\nc")), display_name="x\x1b[31m"))
    assert plan.tasks[0].description == "a\ufffdb\ufffd\nc"
    assert plan.display_name == "x\ufffd[31m"
