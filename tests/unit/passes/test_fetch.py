"""Remote data becomes a step that fetches it, once for all that read it."""

from tests.support.ir import component, given, joined, node, pipeline, planned

from mlc.config import Config
from mlc.ir.component import InputPort
from mlc.ir.image import UvInstall
from mlc.ir.pipeline import Data, PipelineInputRef, Settings
from mlc.ir.plan import Constant, InputValue, OutputSource, Role, ValueSource
from mlc.ir.types import Mode, PortType
from mlc.passes.lowering.fetch import recipe
from mlc.render.command import encode_command
from mlc.render.launch import InputVariable, environment

URI = "https://example.com/data/Iris%20all.csv"
FOLDER = "wasbs://c@a.blob.core.windows.net"
USE = component("use", inputs={"x": "uri_file"}, outputs={"o": "uri_folder"})
READ = component("read", inputs={"x": "uri_folder"})


def file(uri=URI, mode=None):
    return Data(uri=uri, type=PortType.URI_FILE, mode=mode)


def source(plan, task, name="x"):
    return next(port.source for port in plan.task(task).inputs if port.name == name)


def fetched(task, suffix=""):
    return OutputSource(task=task, output="data", suffix=suffix)


def test_one_step_for_all_that_name_the_same():
    plan = planned(pipeline(node("a", USE, {"x": file()}), node("b", USE, {"x": file()})))
    assert [(task.name, task.role, task.after) for task in plan.tasks] == [
        ("fetch_iris_all_csv", Role.FETCH, ()),
        ("a", Role.STEP, ("fetch_iris_all_csv",)),
        ("b", Role.STEP, ("fetch_iris_all_csv",)),
    ]
    assert source(plan, "a") == source(plan, "b") == fetched("fetch_iris_all_csv")
    (uri,) = plan.inputs
    assert (uri.variable, uri.value, uri.remote, uri.of_pipeline) == ("DATA_IRIS_ALL_CSV", URI, True, False)
    assert source(plan, "fetch_iris_all_csv", "uri") == ValueSource(parts=(InputValue(input=uri.name),))


def test_another_type_is_another_step():
    nodes = node("a", USE, {"x": file()}), node("b", READ, {"x": Data(uri=URI, type=PortType.URI_FOLDER)})
    plan = planned(pipeline(*nodes))
    assert [task.name for task in plan.tasks] == ["fetch_iris_all_csv", "fetch_iris_all_csv_2", "a", "b"]


def test_a_pipeline_input_is_fetched_once_and_can_be_set():
    nodes = node("a", USE, {"x": given("train")}), node("b", USE, {"x": given("train")})
    plan = planned(pipeline(*nodes, inputs={"train": "uri_file"}, values={"train": file()}))
    assert [task.name for task in plan.tasks] == ["fetch_train", "a", "b"]
    (uri,) = plan.inputs
    assert (uri.name, uri.variable, uri.value) == ("train", "INPUT_TRAIN", URI)


def test_two_pipeline_inputs_can_be_set_apart():
    nodes = node("a", USE, {"x": given("train")}), node("b", USE, {"x": given("test")})
    values = {"train": file(), "test": file()}
    plan = planned(pipeline(*nodes, inputs=dict.fromkeys(values, "uri_file"), values=values))
    assert [(task.name, task.after) for task in plan.tasks] == [
        ("fetch_train", ()),
        ("fetch_test", ("fetch_train",)),
        ("a", ("fetch_train",)),
        ("b", ("fetch_test",)),
    ]
    assert source(plan, "fetch_test", "twin") == fetched("fetch_train")
    assert source(plan, "fetch_test", "twin_uri") == ValueSource(parts=(InputValue(input="train"),))


def test_names_are_free_of_collisions():
    plan = planned(pipeline(node("fetch_iris_all_csv", USE, {"x": file()})))
    assert [task.name for task in plan.tasks] == ["fetch_iris_all_csv_2", "fetch_iris_all_csv"]


def test_a_whole_container_is_named_after_it():
    plan = planned(pipeline(node("a", READ, {"x": Data(uri=FOLDER)})))
    assert [task.name for task in plan.tasks] == ["fetch_c", "a"]


def test_data_of_an_inner_pipeline_and_a_path_below_data():
    inner = pipeline(node("s", READ, {"x": joined(given("d"), "/sub/x")}), inputs={"d": "uri_folder"})
    outer = node("i", inner, {"d": given("raw")})
    plan = planned(pipeline(outer, inputs={"raw": "uri_folder"}, values={"raw": Data(uri=FOLDER)}))
    assert source(plan, "i.s") == fetched("fetch_raw", "sub/x")
    assert plan.task("i.s").after == ("fetch_raw",)


def test_one_input_as_text_and_as_a_path():
    direct = component("direct", inputs={"x": InputPort(name="x", type=PortType.URI_FILE, mode=Mode.DIRECT)})
    nodes = (
        node("a", direct, {"x": given("raw")}),
        node("b", USE, {"x": given("raw")}),
        node("c", USE, {"x": PipelineInputRef(name="raw", mode=Mode.DIRECT)}),
        node("d", direct, {"x": PipelineInputRef(name="raw", mode=Mode.DOWNLOAD)}),
    )
    plan = planned(pipeline(*nodes, inputs={"raw": "uri_file"}, values={"raw": file()}))
    as_text = ValueSource(parts=(InputValue(input="raw"),))
    assert [source(plan, name) for name in "abcd"] == [as_text, fetched("fetch_raw"), as_text, fetched("fetch_raw")]


def test_text_needs_no_step():
    plan = planned(pipeline(node("a", USE, {"x": file(mode=Mode.DIRECT)})))
    assert source(plan, "a") == ValueSource(parts=(Constant(text=URI),))
    assert [task.name for task in plan.tasks] == ["a"]


def test_what_nobody_reads_is_not_fetched():
    plan = planned(pipeline(node("a", component("c")), inputs={"raw": "uri_file"}, values={"raw": file()}))
    assert [task.name for task in plan.tasks] == ["a"]


def test_first_and_last_jobs_keep_their_edges():
    nodes = node("init", component("c")), node("a", USE, {"x": file()}), node("end", component("c"))
    plan = planned(pipeline(*nodes, settings=Settings(on_init="init", on_finalize="end")))
    assert plan.task("a").after == ("fetch_iris_all_csv", "init")
    assert plan.task("end").after == ("a",)


def test_data_of_the_last_job_is_fetched_whatever_fails():
    nodes = node("a", USE, {"x": file()}), node("b", READ, {"x": Data(uri=FOLDER)}), node("end", USE, {"x": file()})
    plan = planned(pipeline(*nodes, settings=Settings(on_finalize="end")))
    assert plan.task("end").after == ("a", "b", "fetch_iris_all_csv")
    assert plan.always == {"end", "fetch_iris_all_csv"}


def test_the_environment_is_one_and_fixed_to_the_last_package():
    plan = planned(pipeline(node("a", USE, {"x": file()}), node("b", READ, {"x": Data(uri=FOLDER)})))
    images = {task.image for task in plan.tasks if task.role is Role.FETCH}
    assert len(images) == 1
    made = plan.image(images.pop()).recipe
    assert isinstance(made, UvInstall)
    assert all("==" in line for line in made.requirements)
    assert {"fsspec", "adlfs"} <= {line.partition("==")[0] for line in made.requirements}


def test_the_environment_starts_from_the_configured_base():
    made = recipe(Config(default_base="mirror.example/python:3.12-slim", uv_image="mirror.example/uv:1"))
    assert isinstance(made, UvInstall)
    assert (made.base, made.installer_image) == ("mirror.example/python:3.12-slim", "mirror.example/uv:1")


def test_secrets_stay_out_of_the_plan():
    secret = file("https://a.blob.core.windows.net/c/x.csv?sv=1&sig=s3cret")
    plan = planned(
        pipeline(
            node("a", USE, {"x": secret}),
            node("b", USE, {"x": given("raw")}),
            inputs={"raw": "uri_file"},
            values={"raw": secret},
        )
    )
    assert "s3cret" not in str(plan)


def test_the_uri_of_an_optional_input_may_be_empty_when_the_pipeline_is_started():
    reads = component("reads", "ls $[[${{inputs.x}}]]", {"x": "uri_file?"})
    plan = planned(pipeline(node("a", reads, {"x": given("far")}), inputs={"far": "uri_file?"}, values={"far": file()}))
    told = encode_command(plan.task("fetch_far").command)
    assert told.startswith("python fetch.py 'uri_file?' ")
    variables = environment(plan, plan.task("a"))
    assert variables["MLC_INPUTS"] == ("x data? fetch_far",)
    assert variables["MLC_GIVEN_x"] == (InputVariable("INPUT_FAR"),)


def test_the_uri_of_an_input_that_is_needed_may_not_be_empty():
    plan = planned(pipeline(node("a", USE, {"x": given("far")}), inputs={"far": "uri_file"}, values={"far": file()}))
    assert encode_command(plan.task("fetch_far").command).startswith("python fetch.py uri_file ")
    assert environment(plan, plan.task("a"))["MLC_INPUTS"] == ("x data fetch_far",)
