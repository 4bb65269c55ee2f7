"""plan.json: there and back, and whatever somebody may put there."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.support.ir import component, conda, context, files, given, joined, node, out, pipeline, planned

from mlc.files import File
from mlc.ir.component import Distribution
from mlc.ir.dump import from_json, to_json, to_text
from mlc.ir.environment import BuildEnvironment, ImageEnvironment
from mlc.ir.plan import Plan


def example() -> Plan:
    make = component(
        "make", "run '${{inputs.n}}' $[[-s ${{inputs.s}}]] > ${{outputs.out}}/x",
        {"n": "integer", "s": "string?"}, {"out": "uri_folder", "count": "integer"},
        code={"a.py": b"1", "run.sh": b"2"}, environment=conda(python="3.11", pip=("pandas",), name="data"),
        distribution=Distribution(type="pytorch"),
    )  # fmt: skip
    use = component("use", "b <<'E'\n${{inputs.t}}\nE", {"x": "uri_folder", "t": "string", "z": "uri_file?"})
    built = component("built", environment=BuildEnvironment(files=(("Dockerfile", File(b"FROM x")),)))
    solved = component("solved", environment=conda("numpy=1", pip=("pandas",), channels=("conda-forge",)))
    return planned(
        pipeline(
            node("m", make, {"n": given("n")}, {"out": "res"}, compute="gpu-cluster", timeout=7),
            node("u", use, {"x": joined(out("m"), "/sub"), "t": joined("é ", out("m", "count"))}),
            node("b", built),
            node("s", solved),
            inputs={"n": "integer=3", "maybe": "string?"},
            outputs=("res",),
            display_name="An Example",
        )
    )


def test_there_and_back():
    plan = example()
    text = to_json(plan)
    again = from_json(text)
    assert to_json(again) == text
    assert again.tasks == plan.tasks
    assert [image.key for image in again.images] == [image.key for image in plan.images]


def test_the_text_is_stable_and_plain():
    text = to_json(example())
    assert text.startswith('{\n  "format": 1,\n  "name": "demo",\n')
    assert text.endswith("}\n")
    assert "é" in text
    body = json.loads(text)
    assert body["inputs"][0] == {"name": "n", "variable": "INPUT_N", "type": "integer", "value": "3"}
    assert body["tasks"][0]["inputs"][0]["source"] == {
        "kind": "value_source",
        "parts": [{"kind": "input_value", "input": "n"}],
    }
    assert body["images"][0]["recipe"]["kind"] == "uv_install"
    assert body["images"][0]["key_inputs"]["base"] == "ubuntu:24.04"


def test_what_only_lives_while_compiling_is_left_out():
    body = json.loads(to_json(example()))
    assert all("files" not in item for item in body["components"])
    assert "span" not in to_json(example())


def refusal(text: str) -> str:
    """The sentence with which a text is refused; '' if it is not."""
    try:
        from_json(text)
    except ValueError as problem:
        return str(problem) if type(problem) is ValueError else ""
    return ""


HOSTILE = {
    "": "it is not JSON",
    "[]": "it holds no object",
    "{}": "its format is None, this version of mlc reads 1",
    '{"format": 2}': "its format is 2",
    '{"format": 1}': "plan lacks 'name'",
    "[" * 100_000: "it is nested too deep",
    '{"format": ' + "9" * 5000 + "}": "",
    "null": "it holds no object",
    '"\\ud800"': "it holds no object",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_plan(text):
    assert HOSTILE[text] in refusal(text)


CHANGES: dict[tuple[str | int, ...], list[Any]] = {
    ("name",): ["../x", 3, None, "", "A", "a\n"],
    ("tasks", 0, "name"): ["a/b", "..", "", "A", "a b", 7],
    ("tasks", 0, "component"): ["../../etc", "", "a/b"],
    ("tasks", 0, "image"): ["nope", []],
    ("tasks", 0, "inputs", 0, "name"): ["../x", "a-b", "n\n"],
    ("tasks", 0, "inputs", 0, "type"): ["int", [], None],
    ("tasks", 0, "inputs", 0, "source"): [
        {},
        {"kind": "x"},
        {"kind": ["data_source"]},
        [],
        "x",
        {"kind": "value_source"},
    ],
    ("tasks", 0, "outputs", 0, "volume"): ["/etc", "..", "a b", "-x"],
    ("tasks", 0, "outputs", 1, "file_name"): ["../x", "", "..", None],
    ("tasks", 0, "command"): [[{"kind": "input_ref", "name": "nope"}], "x", [[]], [{"kind": "bracket", "parts": 3}]],
    ("tasks", 0, "timeout"): ["7", True, 1.5],
    ("tasks", 1, "after"): [[], ["nope"], ["u"], ["m", "m"]],
    ("tasks", 1, "inputs", 0, "source", "suffix"): ["../x", "/etc", "a//b", "a/../b"],
    ("images", 0, "name"): ["../x", "A"],
    ("images", 0, "components"): [["nope"], "make"],
    ("images", 0, "key"): ["x", 3],
    ("images", 0, "recipe", "requirements"): ["pandas", [1]],
    ("inputs", 0, "variable"): ["a", "A=B", "PATH\n"],
    ("inputs", 0, "value"): ["\ud800", 3],
    ("inputs", 0, "surprise"): [1],
    ("outputs", 0, "task"): ["nope"],
}


@pytest.mark.parametrize("path", CHANGES)
def test_what_is_wrong_in_a_plan(path):
    for value in CHANGES[path]:
        body = json.loads(to_json(example()))
        place = body
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert refusal(json.dumps(body)), (path, value)


def test_brackets_without_end():
    body = json.loads(to_json(example()))
    inner = '{"kind":"bracket","parts":[' * 5000 + "]}" * 5000
    body["tasks"][0]["command"] = ["HERE"]
    with pytest.raises(ValueError, match="nested too deep"):
        from_json(json.dumps(body).replace('"HERE"', inner))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "name", "parts", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@drawn(st.data())
def test_any_damage_is_told_in_words(data):
    """Some value of a good plan is replaced by something else: it loads, or it is refused with a sentence."""
    body = json.loads(TEXT)
    place, key = body, data.draw(st.sampled_from(sorted(body)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 3)):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(JSON)
    text = json.dumps(body)
    if not refusal(text):
        loaded = from_json(text)
        assert from_json(to_json(loaded)) == loaded
        to_text(loaded)


TEXT = to_json(example())


@settings(max_examples=60, deadline=None)
@drawn(
    words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    code=st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.binary(max_size=5), max_size=3),
)
def test_any_text_survives(words, value, code):
    step = replace(component("s", inputs={"x": "string"}), description=words, code=files(code))
    plan = planned(
        pipeline(node("a", step, {"x": given("x")}), inputs={"x": "string"}, values={"x": value.replace("${{", "")})
    )
    again = from_json(to_json(plan))
    assert (again.tasks, again.inputs, again.images) == (plan.tasks, plan.inputs, plan.images)


def test_the_same_plan_gives_the_same_bytes_anywhere():
    one = to_json(example())
    assert one == to_json(example())
    assert str(Path.cwd()) not in one
    assert context().bundle.as_posix() not in one


def test_an_image_as_it_is():
    plan = planned(pipeline(node("a", component(environment=ImageEnvironment(image="alpine")))))
    assert from_json(to_json(plan)) == plan
