"""Flat tasks: names, sources, edges, volumes, files, variables."""

import time
from dataclasses import replace

import pytest
from tests.support.ir import (
    component,
    conda,
    context,
    data,
    given,
    joined,
    node,
    out,
    pipeline,
    planned,
)

from mlc.files import File
from mlc.ir.component import Distribution
from mlc.ir.environment import BuildEnvironment, ImageEnvironment
from mlc.ir.pipeline import Data, PipelineInputRef, Settings
from mlc.ir.plan import Constant, DataSource, InputValue, OutputSource, PlanOutput, TaskValue, ValueSource
from mlc.ir.types import Mode

MAKE = component("make", outputs={"out": "uri_folder"})
USE = component("use", inputs={"x": "uri_folder?", "y": "uri_folder?", "n": "integer=3"}, outputs={"out": "uri_folder"})


def source(plan, task, name):
    return next(port.source for port in plan.task(task).inputs if port.name == name)


def text(value):
    return ValueSource(parts=(Constant(text=value),))


def test_a_chain():
    plan = planned(
        pipeline(
            node("last", USE, {"x": out("first")}, {"out": "result"}),
            node("first", MAKE),
            outputs=("result",),
        )
    )
    assert [task.name for task in plan.tasks] == ["first", "last"]
    assert plan.task("last").after == ("first",)
    assert source(plan, "last", "x") == OutputSource(task="first", output="out")
    assert source(plan, "last", "y") is None
    assert source(plan, "last", "n") == text("3")
    assert plan.task("first").outputs[0].volume == "first-out"
    assert plan.outputs == (PlanOutput(name="result", task="last", output="out"),)


def test_ties_keep_the_authors_order():
    names = ["d", "b", "z", "a"]
    nodes = [node(name, MAKE) for name in names] + [node("c", USE, {"x": out("z"), "y": out("b")})]
    assert [task.name for task in planned(pipeline(*reversed(nodes))).tasks] == ["a", "z", "b", "c", "d"]
    assert [task.name for task in planned(pipeline(*nodes)).tasks] == ["d", "b", "z", "a", "c"]


def test_inputs_of_the_pipeline(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    use = component("use", inputs={"d": "uri_folder", "f": "uri_file", "n": "integer", "s": "string?"})
    names = ["d", "f", "n", "s"]
    plan = planned(
        pipeline(
            node("u", use, {name: given(name) for name in names}),
            inputs={"d": "uri_folder", "f": "uri_file", "n": "integer=7", "s": "string?", "g.lr": "number=0.1"},
            values={"d": data(tmp_path), "f": data(tmp_path / "a.csv", "uri_file")},
        ),
        context(bundle=tmp_path / "out" / "p"),
    )
    shown = [(item.name, item.variable, item.value, item.file_name, item.optional) for item in plan.inputs]
    assert shown == [
        ("d", "INPUT_D", "../..", None, False),
        ("f", "INPUT_F", "../../a.csv", "a.csv", False),
        ("n", "INPUT_N", "7", None, False),
        ("s", "INPUT_S", None, None, True),
        ("g.lr", "INPUT_G_LR", "0.1", None, False),
    ]
    assert source(plan, "u", "d") == DataSource(input="d")
    assert source(plan, "u", "n") == ValueSource(parts=(InputValue(input="n"),))
    assert source(plan, "u", "s") == ValueSource(parts=(InputValue(input="s"),))


def test_data_that_a_job_names_itself(tmp_path):
    use = component("use", inputs={"d": "uri_folder"})
    plan = planned(pipeline(node("u", use, {"d": data(tmp_path)})), context(bundle=tmp_path / "b"))
    (item,) = plan.inputs
    assert (item.name, item.variable, item.value, item.of_pipeline) == ("u-d", "DATA_U_D", "..", False)
    assert source(plan, "u", "d") == DataSource(input="u-d")


def test_variables_do_not_collide(tmp_path):
    use = component("use", inputs={"b_c": "uri_folder?", "c": "uri_folder?"})
    plan = planned(
        pipeline(node("a", use, {"b_c": data(tmp_path)}), node("a_b", use, {"c": data(tmp_path)})),
        context(bundle=tmp_path / "b"),
    )
    assert [item.variable for item in plan.inputs] == ["DATA_A_B_C", "DATA_A_B_C_2"]


def test_data_behind_a_link_is_found_from_the_bundle(tmp_path):
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "deep")
    use = component("use", inputs={"d": "uri_folder"})
    plan = planned(pipeline(node("u", use, {"d": data(tmp_path / "data")})), context(bundle=tmp_path / "link" / "b"))
    assert plan.inputs[0].value == "../../../data"


def test_vendored_data(tmp_path):
    place = tmp_path / "images"
    (place / "sub").mkdir(parents=True)
    (place / "sub" / "b.txt").write_text("b")
    (place / "a.txt").write_text("a")
    use = component("use", inputs={"d": "uri_folder", "f": "uri_file"})
    plan = planned(
        pipeline(node("u", use, {"d": data(place), "f": data(place / "a.txt", "uri_file")})), context(vendor_data=True)
    )
    folder, file = plan.inputs
    assert (folder.value, [path for path, _ in folder.vendored]) == ("data/u-d", ["a.txt", "sub/b.txt"])
    assert (file.value, file.file_name, file.vendored[0][0]) == ("data/u-f/a.txt", "a.txt", "")
    assert folder.vendored[1][1].read() == b"b"


def test_data_elsewhere_is_text():
    remote = Data(uri="https://example.com/x", mode=Mode.DIRECT)
    use = component("use", inputs={"d": "uri_folder"})
    nodes = node("a", use, {"d": remote}), node("b", use, {"d": PipelineInputRef(name="raw", mode=Mode.DIRECT)})
    plan = planned(pipeline(*nodes, inputs={"raw": "uri_folder"}, values={"raw": remote}))
    assert source(plan, "a", "d") == text("https://example.com/x")
    assert source(plan, "b", "d") == ValueSource(parts=(InputValue(input="raw"),))
    (item,) = plan.inputs
    assert (item.value, item.remote, item.of_pipeline) == ("https://example.com/x", True, True)
    assert [task.name for task in plan.tasks] == ["a", "b"]


def test_values_of_other_tasks_and_text():
    make = component("make", outputs={"n": "integer"})
    use = component("use", inputs={"s": "string"})
    plan = planned(
        pipeline(
            node("m", make),
            node("u", use, {"s": joined("a", "-", out("m", "n"), given("x"))}),
            inputs={"x": "string=1"},
        )
    )
    parts = (Constant(text="a-"), TaskValue(task="m", output="n"), InputValue(input="x"))
    assert source(plan, "u", "s") == ValueSource(parts=parts)
    assert plan.task("u").after == ("m",)
    assert plan.task("m").outputs[0].file_name == "n"


def test_paths_below_data():
    first = node("u", USE, {"x": joined(out("m"), "/sub/", "x.csv")})
    plan = planned(pipeline(node("m", MAKE), first))
    assert source(plan, "u", "x") == OutputSource(task="m", output="out", suffix="sub/x.csv")


def test_paths_below_data_that_values_are_part_of():
    nodes = [
        node("m", component("m", outputs={"out": "uri_folder", "n": "integer"})),
        node("u", USE, {"x": joined(out("m"), "/", given("f"))}),
        node("v", USE, {"x": joined(out("m"), "/sub/", out("m", "n"), ".csv")}),
    ]
    plan = planned(pipeline(*nodes, inputs={"f": "string=a.csv"}))
    assert source(plan, "u", "x") == OutputSource(task="m", output="out", below=(InputValue(input="f"),))
    below = (Constant(text="sub/"), TaskValue(task="m", output="n"), Constant(text=".csv"))
    assert source(plan, "v", "x") == OutputSource(task="m", output="out", below=below)
    assert plan.task("v").after == ("m",)


def test_an_optional_pipeline_input_that_is_left_empty_leaves_the_default():
    plan = planned(pipeline(node("u", USE, {"n": given("n")}), inputs={"n": "integer?", "m": "integer=4"}))
    assert source(plan, "u", "n") == ValueSource(parts=(InputValue(input="n"),), default="3")
    plan = planned(pipeline(node("u", USE, {"n": given("n")}), inputs={"n": "integer=4"}))
    assert source(plan, "u", "n") == ValueSource(parts=(InputValue(input="n"),))


def test_of_nested_defaults_the_outermost_counts():
    plan = planned(pipeline(node("a", inner(n=given("n")), {"n": given("m")}), inputs={"m": "integer?"}))
    assert source(plan, "a.two", "n") == ValueSource(parts=(InputValue(input="m"),), default="5")


def inner(**bound):
    """A nested pipeline of two unrelated jobs and one that follows the first."""
    return pipeline(
        node("one", MAKE),
        node("two", USE, bound),
        node("three", USE, {"x": out("one")}, {"out": "res"}),
        name="inner",
        inputs={"d": "uri_folder?", "n": "integer=5"},
        outputs=("res",),
    )


def test_nested_names_and_values():
    plan = planned(pipeline(node("a", inner(n=given("n"))), node("b", inner(n=given("n")), {"n": 9})))
    assert [task.name for task in plan.tasks] == ["a.one", "a.two", "a.three", "b.one", "b.two", "b.three"]
    assert source(plan, "a.two", "n") == text("5")
    assert source(plan, "b.two", "n") == text("9")
    assert plan.task("a.three").after == ("a.one",)


def test_an_input_that_nothing_uses_still_orders_the_first_jobs():
    plan = planned(
        pipeline(node("m", MAKE), node("a", inner(), {"d": out("m")}), node("z", USE, {"x": out("a", "res")}))
    )
    after = {task.name: task.after for task in plan.tasks}
    assert after == {"m": (), "a.one": ("m",), "a.two": ("m",), "a.three": ("a.one",), "z": ("a.three",)}


def test_boundaries_of_boundaries():
    middle = pipeline(node("i", inner()), node("s", MAKE), name="middle", inputs={"d": "uri_folder?"})
    plan = planned(pipeline(node("m", MAKE), node("o", middle, {"d": out("m")})))
    after = {task.name: task.after for task in plan.tasks}
    assert after == {"m": (), "o.i.one": ("m",), "o.i.two": ("m",), "o.i.three": ("o.i.one",), "o.s": ("m",)}


def test_an_output_that_passes_through_levels():
    middle = pipeline(node("i", inner(), outputs={"res": "res"}), name="middle", outputs=("res",))
    plan = planned(
        pipeline(
            node("o", middle, outputs={"res": "final"}), node("z", USE, {"x": out("o", "res")}), outputs=("final",)
        )
    )
    assert source(plan, "z", "x") == OutputSource(task="o.i.three", output="out")
    assert plan.outputs == (PlanOutput(name="final", task="o.i.three", output="out"),)


def test_files():
    make = component("make", outputs={"f": "uri_file", "g": "uri_file", "d": "uri_folder"})
    made = node("m", make, outputs={"f": "", "g": ""})
    paths = [
        replace(item, path=path)
        for item, path in zip(made.outputs, ["azureml://datastores/x/a/b.csv", "./dir/"], strict=True)
    ]
    plan = planned(pipeline(replace(made, outputs=tuple(paths))))
    assert [output.file_name for output in plan.task("m").outputs] == ["b.csv", "g", None]


@pytest.mark.parametrize(
    ("path", "name"),
    [("${{output_name}}.csv", "f.csv"), ("${{name}}", "f"), ("a/..", "f"), ("x:y", "f"), ("a\\b.txt", "b.txt")],
)
def test_names_of_files(path, name):
    made = node("m", component("make", outputs={"f": "uri_file"}), outputs={"f": ""})
    made = replace(made, outputs=(replace(made.outputs[0], path=path),))
    assert planned(pipeline(made)).task("m").outputs[0].file_name == name


def test_what_is_said_of_the_pipelines_output_wins():
    make = node("m", component("make", outputs={"f": "uri_file"}), outputs={"f": "res"})
    made = pipeline(make, outputs=("res",))
    outputs = (replace(made.outputs[0], path="model.bin", asset_name="model", asset_version="2"),)
    (output,) = planned(replace(made, outputs=outputs)).task("m").outputs
    assert (output.file_name, output.asset_name, output.asset_version) == ("model.bin", "model", "2")


def test_first_and_last():
    nodes = [node("end", MAKE), node("m", MAKE), node("u", USE, {"x": out("m")}), node("begin", MAKE)]
    plan = planned(pipeline(*nodes, settings=Settings(on_init="begin", on_finalize="end")))
    after = {task.name: task.after for task in plan.tasks}
    assert after == {"begin": (), "m": ("begin",), "u": ("m",), "end": ("u",)}
    assert list(after)[-1] == "end"
    assert plan.always == {"end"}
    assert {task.name: task.hook for task in plan.tasks if task.hook} == {"begin": "on_init", "end": "on_finalize"}


def test_a_last_pipeline_of_several_steps():
    last = pipeline(node("c", MAKE), node("d", USE, {"x": out("c")}), node("e", MAKE))
    nodes = [node("end", last), node("m", MAKE), node("u", MAKE)]
    plan = planned(pipeline(*nodes, settings=Settings(on_finalize="end")))
    after = {task.name: task.after for task in plan.tasks}
    assert after == {"m": (), "u": (), "end.c": ("m", "u"), "end.d": ("end.c",), "end.e": ("m", "u")}
    assert plan.always == {"end.c", "end.d", "end.e"}


def test_settings_of_tasks():
    once = component("once", is_deterministic=False)
    nodes = node("a", MAKE, timeout=5, environment_variables=(("A", "1"),)), node("b", once)
    plan = planned(pipeline(*nodes))
    assert (plan.task("a").timeout, plan.task("a").environment, plan.task("a").reuse) == (5, (("A", "1"),), True)
    assert plan.task("b").reuse is False
    forced = planned(pipeline(*nodes, settings=Settings(force_rerun=True)))
    assert [task.reuse for task in forced.tasks] == [False, False]


def test_the_only_process_of_a_distributed_job():
    many = component("many", distribution=Distribution(type="pytorch"))
    plan = planned(pipeline(node("a", many, environment_variables=(("RANK", "7"),))))
    variables = dict(plan.task("a").environment)
    assert (variables["WORLD_SIZE"], variables["RANK"], variables["MASTER_ADDR"]) == ("1", "7", "127.0.0.1")


def test_as_many_images_as_environments():
    environments = {
        "a": conda(python="3.11", pip=("pandas>=2", "numpy"), name="data"),
        "b": conda(python="3.11", pip=("numpy", "pandas >= 2  # both")),
        "c": conda(python="3.12", pip=("numpy", "pandas>=2"), name="data"),
        "d": ImageEnvironment(image="alpine"),
        "e": BuildEnvironment(files=(("Dockerfile", File(b"FROM alpine")),)),
        "f": BuildEnvironment(files=(("Dockerfile", File(b"FROM alpine")),)),
        "g": BuildEnvironment(files=(("Dockerfile", File(b"FROM debian")),)),
    }
    nodes = [
        node(name, component(f"of_{name}", environment=item, code={"a.py": name.encode()}))
        for name, item in environments.items()
    ]
    plan = planned(pipeline(*nodes))
    assert {task.name: task.image for task in plan.tasks} == {
        "a": "data", "b": "data", "c": "data-2", "d": "of_d", "e": "of_e", "f": "of_e", "g": "of_g",
    }  # fmt: skip
    assert plan.image("data").components == ("of_a", "of_b")
    assert len({image.reference for image in plan.images}) == 5


def test_code_is_kept_once_per_component_and_content():
    same = component("train", "a", code={"a.py": b"1"})
    plan = planned(
        pipeline(
            node("a", same),
            node("b", component("train", "other command", code={"a.py": b"1"})),
            node("c", component("train", code={"a.py": b"2"})),
            node("d", component("Odd Name/../x", code={"a.py": b"1"})),
            node("e", component("train")),
        )
    )
    assert {task.name: task.component for task in plan.tasks} == {
        "a": "train", "b": "train", "c": "train-2", "d": "odd_name_x", "e": "train-3",
    }  # fmt: skip
    assert [item.name for item in plan.components] == ["odd_name_x", "train", "train-2"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("fashion_mnist_pipeline", "fashion_mnist_pipeline"),
        ("Fashion MNIST: größer", "fashion_mnist_groer"),
        ("../../etc", "etc"),
        ("___", "pipeline"),
        ("a--b__c..d", "a-b_c_d"),
        ("日本", "pipeline"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_of_plans(name, wanted):
    assert planned(pipeline(node("a", MAKE), name=name)).name == wanted


def test_a_thousand_nodes_are_quick():
    nodes = [node("n0", MAKE)] + [node(f"n{i}", USE, {"x": out(f"n{i - 1}")}) for i in range(1, 1000)]
    wide = pipeline(*nodes)
    started = time.process_time()
    planned(wide)
    assert time.process_time() - started < 1.5
