"""Outputs with a place of their own get a step that takes them there."""

from dataclasses import replace

import pytest
from tests.support.ir import component, context, node, out, pipeline, planned

from mlc.ir.pipeline import OutputBinding, PipelineOutput, Settings
from mlc.ir.plan import DataSource, InputValue, OutputSource, Role, ValueSource

MAKE = component("make", outputs={"out": "uri_folder", "file": "uri_file", "n": "integer"})
STORE = "azureml://datastores/store/paths"


def made(**outputs):
    """The plan of a job whose outputs have these settings."""
    bindings = tuple(OutputBinding(name=name, **settings) for name, settings in outputs.items())
    return planned(pipeline(replace(node("a", MAKE), outputs=bindings)), context())


def delivered(plan):
    (task,) = (task for task in plan.tasks if task.role is Role.DELIVER)
    return task


def source(task, name):
    return next(port.source for port in task.inputs if port.name == name)


def test_a_folder_of_this_machine(tmp_path):
    plan = made(out={"path": f"{STORE}/m", "delivery": str(tmp_path / "m")})
    task = delivered(plan)
    assert (task.name, task.after, task.image) == ("deliver_a_out", ("a",), plan.task("a").image)
    assert source(task, "data") == OutputSource(task="a", output="out")
    assert source(task, "folder") == DataSource(input="deliver_a_out-to", writable=True)
    (given,) = plan.inputs
    assert (given.variable, given.written, given.remote) == ("OUTPUT_A_OUT", True, False)
    assert given.value is not None
    assert str(tmp_path) not in plan.task("a").outputs[0].path


def test_a_file_is_delivered_under_its_name(tmp_path):
    plan = made(file={"path": f"{STORE}/m/it's.txt", "delivery": str(tmp_path / "m" / "it's.txt")})
    assert str(plan.input("deliver_a_file-to").value).endswith("/m")
    assert "it'\\''s.txt'" in "".join(getattr(part, "text", "|") for part in delivered(plan).command)


@pytest.mark.parametrize("place", ["wasbs://c@a.blob.core.windows.net/p", "https://a.blob.core.windows.net/c/p"])
def test_storage_that_the_path_itself_names(place):
    plan = made(out={"path": place})
    task = delivered(plan)
    assert source(task, "where") == ValueSource(parts=(InputValue(input="deliver_a_out-to"),))
    assert plan.input("deliver_a_out-to").value == place
    assert plan.input("deliver_a_out-to").remote
    assert plan.image(task.image).name == "mlc-fetch"


@pytest.mark.parametrize("path", [f"{STORE}/m", "/prepped_data", "./out", "s3://b/x", "https://example.com/x"])
def test_other_paths_stay_in_the_volume(path):
    assert [task.name for task in made(out={"path": path}).tasks] == ["a"]


def test_a_value_is_not_delivered():
    assert [task.name for task in made(n={"path": f"{STORE}/m", "delivery": "/m"}).tasks] == ["a"]


def test_what_is_said_of_the_pipelines_output_wins():
    use = node("a", MAKE, outputs={"out": "model"})
    own = replace(use.outputs[0], path=f"{STORE}/own", delivery="/own")
    made_ = pipeline(replace(use, outputs=(own,)))
    output = PipelineOutput(name="model", path=f"{STORE}/x", delivery="/store/${{name}}/${{output_name}}")
    plan = planned(replace(made_, outputs=(output,)))
    assert delivered(plan).name == "deliver_model"
    assert str(plan.input("deliver_model-to").value).endswith(f"store/{plan.name}/out")


def test_the_last_job_waits_for_deliveries_and_its_own_come_after_it():
    bindings = (OutputBinding(name="out", path=f"{STORE}/m", delivery="/m"),)
    nodes = (replace(node(name, MAKE), outputs=bindings) for name in ("end", "a"))
    plan = planned(pipeline(*nodes, settings=Settings(on_finalize="end")))
    after = {task.name: task.after for task in plan.tasks}
    assert after == {"a": (), "deliver_a_out": ("a",), "end": ("deliver_a_out",), "deliver_end_out": ("end",)}
    assert plan.always == {"end", "deliver_end_out"}


def test_names_are_free_of_collisions():
    bindings = (OutputBinding(name="out", path=f"{STORE}/m", delivery="/m"),)
    nodes = replace(node("a", MAKE), outputs=bindings), node("deliver_a_out", component("c"))
    assert delivered(planned(pipeline(*nodes))).name == "deliver_a_out_2"


def test_who_reads_the_output_does_not_wait():
    bindings = (OutputBinding(name="out", path=f"{STORE}/m", delivery="/m"),)
    use = component("use", inputs={"x": "uri_folder"})
    plan = planned(pipeline(replace(node("a", MAKE), outputs=bindings), node("b", use, {"x": out("a")})))
    assert plan.task("b").after == ("a",)
