"""What changes which key."""

from dataclasses import replace
from typing import Any

import pytest
from tests.support.ir import component, conda, context, data, given, node, out, pipeline, planned

from mlc.config import Config
from mlc.ir.pipeline import Settings

ENVIRONMENT = conda(python="3.11", pip=("pandas>=2", "numpy"), name="data")
BASE: dict[str, Any] = {
    "name": "step",
    "command": "run ${{inputs.n}}",
    "inputs": {"n": "integer=3"},
    "outputs": {"out": "uri_folder"},
    "code": {"a.py": b"1"},
    "environment": ENVIRONMENT,
}


def plan(changes=None, node_changes=None, name="demo", around=None):
    step = component(**(BASE | (changes or {})))
    return planned(pipeline(node("a", step, **(node_changes or {})), name=name), around)


def keys(found):
    (image,), (task,) = found.images, found.tasks
    return image.key, image.reference.rpartition(":")[2], task.key


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": "Step!"},
        {"description": "words"},
        {"version": "2"},
        {"tags": (("a", "b"),)},
        {"environment": conda(python="3.11", pip=("numpy", "Pandas >=2 # why"), name="data")},
        {"environment": conda(python="3.11", pip=("numpy", "numpy", "pandas>=2"), name="other")},
    ],
)
def test_what_does_not_count(changes):
    assert keys(plan(changes)) == keys(plan())


def test_names_of_jobs_and_pipelines_do_not_count():
    step = component(**BASE)
    other = planned(pipeline(node("b", step, {"n": given("x")}), inputs={"x": "integer=3"}, name="other"))
    same = planned(pipeline(node("a", step, {"n": given("y")}), inputs={"y": "integer=4"}))
    assert keys(other) == keys(same)


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": conda(python="3.12", pip=("pandas>=2", "numpy"))},
        {"environment": conda(python="3.11", pip=("pandas>=2.1", "numpy"))},
        {"environment": conda(python="3.11", pip=("pandas>=2",))},
        {"environment": conda(python="3.11", pip=("pandas>=2", "numpy"), image="ubuntu:22.04")},
        {"environment": conda(python="3.11", pip=("pandas>=2", "numpy", "--extra-index-url https://x"))},
    ],
)
def test_what_changes_the_environment(changes):
    before, after = keys(plan()), keys(plan(changes))
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, False]


def test_the_installer_counts():
    around = context(config=Config(uv_image="mirror/uv:1"))
    assert keys(plan(around=around))[0] != keys(plan())[0]


def test_the_platform_counts():
    around = context(config=Config(platform="linux/arm64"))
    assert keys(plan(around=around))[0] != keys(plan())[0]


def test_the_order_of_indexes_counts():
    first, second = "--index-url https://a", "--extra-index-url https://b"
    one, two = conda(pip=(first, second, "x")), conda(pip=(second, first, "x"))
    assert keys(plan({"environment": one}))[0] != keys(plan({"environment": two}))[0]


@pytest.mark.parametrize(
    ("changes", "tag_changes"),
    [
        ({"code": {"a.py": b"2"}}, True),
        ({"code": {"b.py": b"1"}}, True),
        ({"command": "run -v ${{inputs.n}}"}, False),
        ({"command": "run '${{inputs.n}}'"}, False),
        ({"inputs": {"n": "integer=4"}}, False),
        ({"inputs": {"n": "number=3"}}, False),
        ({"outputs": {"out": "uri_file"}}, False),
        ({"outputs": {"out": "uri_folder", "log": "uri_file"}}, True),
        ({"is_python_function": True}, False),
    ],
)
def test_what_changes_the_task_but_not_the_environment(changes, tag_changes):
    before, after = keys(plan()), keys(plan(changes))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, not tag_changes, False]


def test_variables_and_values_of_the_node():
    assert keys(plan(node_changes={"environment_variables": (("A", "1"),)}))[2] != keys(plan())[2]
    assert keys(plan(node_changes={"inputs": {"n": 4}}))[2] != keys(plan())[2]
    assert keys(plan(node_changes={"inputs": {"n": 3}}))[2] == keys(plan())[2]
    assert keys(plan(node_changes={"timeout": 9}))[2] == keys(plan())[2]


def test_reuse_does_not_count():
    forced = planned(pipeline(node("a", component(**BASE)), settings=Settings(force_rerun=True)))
    assert keys(forced) == keys(plan())


def test_which_output_of_a_producer_counts():
    make = component("make", outputs={"a": "uri_folder", "b": "uri_folder"})
    use = component("use", inputs={"x": "uri_folder"})

    def key(output):
        return planned(pipeline(node("m", make), node("u", use, {"x": out("m", output)}))).task("u").key

    assert key("a") != key("b")


def test_where_data_is_does_not_count(tmp_path):
    use = component("use", inputs={"x": "uri_folder"})
    (tmp_path / "d").mkdir()
    one = planned(pipeline(node("u", use, {"x": data(tmp_path)})), context(bundle=tmp_path / "b"))
    two = planned(pipeline(node("u", use, {"x": data(tmp_path / "d")})), context(bundle=tmp_path / "b"))
    assert one.task("u").key == two.task("u").key


def test_the_runtime_counts_for_the_tag_alone():
    before, after = keys(plan()), keys(plan(around=context(runtime_digest="new")))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_the_reference():
    found = plan(name="My Pipeline", around=context(config=replace(Config(), image_prefix="registry:5000/team")))
    (image,) = found.images
    tag = image.reference.removeprefix("registry:5000/team/my_pipeline-data:")
    first, second = tag.split("-")
    assert (first, len(second)) == (image.key[:12], 12)


def test_a_registry_stands_before_names_and_changes_nothing_else():
    here, there = plan(), plan(around=context(config=replace(Config(), registry="localhost:5000/team")))
    assert there.registry == "localhost:5000/team"
    assert there.images[0].reference == f"localhost:5000/team/{here.images[0].reference}"
    assert keys(here)[0] == keys(there)[0]


def test_key_inputs_are_readable():
    (image,) = plan().images
    assert image.key_inputs == (
        ("epoch", "2"),
        ("platform", "linux/amd64"),
        ("base", "ubuntu:24.04"),
        ("installer", "uv"),
        ("installer image", Config().uv_image),
        ("python", "3.11"),
        ("requirements", "numpy\npandas>=2"),
    )
