"""Parallel jobs: what they name is there, numbers are in their range."""

from dataclasses import replace

import pytest
from tests.support.ir import complaints, component, context, data, node, pipeline

from mlc.ir.parallel import Parallel

PLAIN = Parallel(entry_script="score.py", input_data="images", append_row_to="rows")


def said(settings, **more):
    score = component(
        "score",
        more.pop("command", "--label ${{inputs.label}}"),
        {"images": "uri_folder", "label": "string=a"},
        {"rows": "uri_file"},
        code={"score.py": b""},
        parallel=settings,
        **more,
    )
    first = node("a", score, {"images": data("/")})
    second = node("b", score, {"images": data("/")}, line=30)
    found = complaints(pipeline(first, second, inputs={"n": "integer=1"}), replace(context(), for_bundle=False))
    return [line for line in found if not line.startswith("W509")]


def test_nothing_to_say():
    assert said(replace(PLAIN, mini_batch_size="10kb", error_threshold="-1", max_retries="0")) == []
    assert said(replace(PLAIN, mini_batch_size="${{parent.inputs.n}}", timeout="${{parent.inputs.n}}")) == []
    assert said(replace(PLAIN, entry_script="./score.py", append_row_to=None)) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"input_data": None}, "does not say which input is cut into mini-batches. Add input_data: ${{inputs.images}}"),
        ({"misread": (("append_row_to", "rows"),)}, "The append_row_to of the parallel component 'score' is 'rows'."),
        ({"entry_script": ""}, "The task of the parallel component 'score' has no entry_script."),
        ({"entry_script": "scores.py"}, "is not in its code. Did you mean 'score.py'?"),
    ],
)
def test_what_the_component_says_is_told_once(settings, words):
    (line,) = said(replace(PLAIN, **settings))
    assert line.startswith("E528 ")
    assert words in line


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"input_data": "image"}, "is 'image', which is no data input of it. The reference takes it"),
        ({"input_data": "label"}, "is 'label', which is no data input of it."),
        ({"append_row_to": "row"}, "but the service finds nothing of that name. Did you mean 'rows'?"),
    ],
)
def test_unknown_names_are_warned_about(settings, words):
    (line,) = said(replace(PLAIN, **settings))
    assert line.startswith("W512 ")
    assert words in line


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"error_threshold": "-2"}, "E528 The error_threshold of job 'a' is -2. Give -1 or more."),
        ({"mini_batch_error_threshold": "-2"}, "E528 The mini_batch_error_threshold of job 'a' is -2."),
        ({"max_concurrency_per_instance": "0"}, "E528 The max_concurrency_per_instance of job 'a' is 0."),
        ({"max_retries": "-1"}, "E528 The max_retries of job 'a' is -1. Give 0 or more."),
        ({"timeout": "0"}, "E528 The timeout of job 'a' is 0. Give 1 or more."),
        ({"mini_batch_size": "${{parent.inputs.m}}"}, "E303 The pipeline 'demo' has no input 'm'."),
    ],
)
def test_numbers(settings, words):
    assert said(replace(PLAIN, **settings))[0].startswith(words)


def test_arguments_are_checked_as_a_command_is():
    (line,) = said(PLAIN, command="--label ${{inputs.lable}}")
    assert line.startswith("W512 The program_arguments of component 'score' use the input 'lable'")
