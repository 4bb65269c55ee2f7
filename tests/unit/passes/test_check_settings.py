"""Sizes, times, variables, destinations."""

from dataclasses import replace

import pytest
from tests.support.ir import complaints, component, node, pipeline

from mlc.diagnostics import Span
from mlc.ir.component import Resources
from mlc.ir.pipeline import PipelineOutput


@pytest.mark.parametrize("size", ["2g", "512m", "3100m", "1.5G", "2GiB", "64", "4tb", "2 gb"])
def test_sizes(size):
    assert complaints(pipeline(node("a", component(resources=Resources(shm_size=size))))) == []


@pytest.mark.parametrize("size", ["", "big", "-1g", "2x", "2g\n", "g"])
def test_bad_sizes(size):
    (line,) = complaints(pipeline(node("a", component(), resources=Resources(shm_size=size))))
    assert line.startswith(f"E333 Job 'a' has the shm_size {size!r}. It is no size. Write it like 2g or 512m.")


@pytest.mark.parametrize("timeout", [0, -5])
def test_bad_timeouts(timeout):
    (line,) = complaints(pipeline(node("a", component(), timeout=timeout)))
    assert line.startswith(f"E333 Job 'a' has the timeout {timeout}.")


@pytest.mark.parametrize(("name", "value"), [("A=B", ""), ("1A", ""), ("", ""), ("MLC_KEY", "x"), ("a-b", "")])
def test_bad_variables(name, value):
    (line,) = complaints(pipeline(node("a", component(), environment_variables=((name, value),))))
    assert line.startswith(f"E333 Job 'a' sets the environment variable {name!r}.")


def test_good_variables():
    pairs = (("A", "x\ny $HOME ${X} '\""), ("_b2", ""))
    assert complaints(pipeline(node("a", component(), environment_variables=pairs))) == []


def test_docker_args_have_no_effect():
    (line,) = complaints(pipeline(node("a", component(resources=Resources(docker_args="--ipc=host")))))
    assert line.startswith("W502 Component 'train' has docker_args, which are not used.")


@pytest.mark.parametrize(
    ("path", "said"), [("azureml://datastores/d/paths/x", True), ("./x.txt", False), ("a/b", False)]
)
def test_destinations(path, said):
    made = node("a", component(outputs={"out": "uri_folder"}), outputs={"out": ""})
    made = replace(made, outputs=(replace(made.outputs[0], path=path),))
    found = complaints(pipeline(made))
    assert [line[:4] for line in found] == (["W501"] if said else [])


def test_a_steps_output_that_the_pipeline_returns_is_said_once():
    made = node("a", component(outputs={"out": "uri_folder"}), outputs={"out": ""})
    bound = replace(made.outputs[0], path="azureml://datastores/d/paths/x", span=Span("a.py", 3, 5))
    own = PipelineOutput(name="o", path=bound.path, span=bound.span)
    found = complaints(replace(pipeline(replace(made, outputs=(bound,))), outputs=(own,)))
    (line,) = [line for line in found if line.startswith("W501")]
    assert line.startswith("W501 The output 'o' is kept in a volume")


def test_services_are_not_started():
    (line,) = complaints(pipeline(node("a", component(), services=("my_tb", "my_ssh"))))
    assert line.startswith("W502 Job 'a' has the services 'my_tb', 'my_ssh', which are not started.")


def test_what_a_job_with_its_own_command_says_is_said_once():
    same = Resources(docker_args="--ipc=host")
    (line,) = complaints(pipeline(node("a", component(resources=same), resources=same)))
    assert line.startswith("W502 Job 'a' has docker_args")
