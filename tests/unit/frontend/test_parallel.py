"""Parallel components and jobs in YAML."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.ir.parallel import Parallel
from mlc.ir.pipeline import CommandNode
from mlc.ir.template import InputRef, OutputRef, Text
from mlc.ir.types import PortType

COMPONENT = """
$schema: https://azuremlschemas.azureedge.net/latest/parallelComponent.schema.json
type: parallel
name: score
inputs: {images: {type: uri_folder}, label: {type: string, default: a}}
outputs: {rows: {type: uri_file}}
input_data: ${{inputs.images}}
mini_batch_size: 10kb
error_threshold: -1
mini_batch_error_threshold: 1
logging_level: warning
max_concurrency_per_instance: 2
retry_settings: {max_retries: 2, timeout: 60}
partition_keys: [a, b]
resources: {instance_count: 2}
task:
  type: run_function
  code: ./src
  entry_script: score.py
  program_arguments: --label ${{inputs.label}} --rows ${{outputs.rows}}
  append_row_to: ${{outputs.rows}}
  environment: {image: "python:3.11"}
"""
SETTINGS = Parallel(
    entry_script="score.py",
    input_data="images",
    append_row_to="rows",
    mini_batch_size="10kb",
    partition_keys=("a", "b"),
    max_concurrency_per_instance="2",
    error_threshold="-1",
    mini_batch_error_threshold="1",
    max_retries="2",
    timeout="60",
    logging_level="WARNING",
)
NODE = """type: pipeline
inputs: {d: {type: uri_folder, path: ./src}, n: 3}
jobs:
  x:
    component: ./score.yml
    inputs: {images: "${{parent.inputs.d}}"}
"""
INLINE = """type: pipeline
inputs: {d: {type: uri_folder, path: ./src}, n: 3}
outputs: {all: {type: uri_file}}
jobs:
  x:
    type: parallel
    inputs: {images: "${{parent.inputs.d}}", n: "${{parent.inputs.n}}"}
    outputs: {rows: "${{parent.outputs.all}}"}
    input_data: ${{inputs.images}}
    environment_variables: {A: b}
    task: {type: run_function, code: ./src, entry_script: score.py, environment: {image: "python:3.11"}}
"""


def read(folder, text):
    (folder / "src").mkdir()
    (folder / "src" / "score.py").touch()
    (folder / "score.yml").write_text(COMPONENT)
    (folder / "p.yml").write_text(text)
    bag = Bag()
    return load(folder / "p.yml", Request(), bag), [f"{item.code} {item.what}" for item in bag.sorted()]


def step(folder, text):
    pipeline, said = read(folder, text)
    assert said == []
    (node,) = pipeline.nodes
    assert isinstance(node, CommandNode)
    return node


def test_a_component(tmp_path):
    component = step(tmp_path, NODE).component
    assert component.parallel == SETTINGS
    command = Text(text="--label "), InputRef(name="label"), Text(text=" --rows "), OutputRef(name="rows")
    assert component.command == command
    assert [path for path, _ in component.code.files] == ["score.py"]
    assert (component.resources.instance_count, component.environment.image) == (2, "python:3.11")


def test_a_component_alone(tmp_path):
    node = step(tmp_path, COMPONENT)
    assert (node.name, node.component.parallel) == ("score", SETTINGS)


def test_a_node_that_sets_some_anew(tmp_path):
    more = "    mini_batch_size: ${{parent.inputs.n}}\n    retry_settings: {timeout: 5}\n"
    more += "    resources: {instance_count: 3}\n"
    node = step(tmp_path, NODE + more)
    settings = node.component.parallel
    assert (settings.mini_batch_size, settings.timeout, settings.max_retries) == ("${{parent.inputs.n}}", "5", "2")
    assert node.resources.instance_count == 3


def test_a_node_with_a_task_of_its_own(tmp_path):
    more = "    task: {type: function, code: ./src, entry_script: other.py, environment: {image: i}}\n"
    component = step(tmp_path, NODE + more).component
    assert (component.parallel.entry_script, component.parallel.append_row_to) == ("other.py", "rows")
    assert (component.environment.image, component.command) == ("i", ())


def test_an_inline_job(tmp_path):
    node = step(tmp_path, INLINE)
    assert node.component.parallel == Parallel(entry_script="score.py", input_data="images")
    assert [(port.name, port.type) for port in node.component.inputs] == [
        ("images", PortType.URI_FOLDER),
        ("n", PortType.INTEGER),
    ]
    assert [(port.name, port.type) for port in node.component.outputs] == [("rows", PortType.URI_FILE)]
    assert node.outputs[0].promoted_to == ("all",)
    assert (node.component.command, node.environment_variables) == ((), (("A", "b"),))


@pytest.mark.parametrize("size", ["'10'", "1kb", "2MB", "3gb", "'5'"])
def test_sizes(tmp_path, size):
    node = step(tmp_path, NODE + f"    mini_batch_size: {size}\n")
    assert node.component.parallel.mini_batch_size == size.strip("'")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mini_batch_size: -1", "E528 The mini_batch_size of job 'x' is '-1'"),
        ("mini_batch_size: 10", "E528 The mini_batch_size of job 'x' is '10', a number"),
        ("mini_batch_size: 10 kb", "E528 The mini_batch_size of job 'x' is '10 kb'"),
        ("mini_batch_size: 1.5", "E528 The mini_batch_size of job 'x' is '1.5'"),
        ("logging_level: FATAL", "E113 'FATAL' is not a logging level"),
        ("partition_keys: [[a]]", "E104 'partition_keys' of job 'x' must be a list, not a list"),
        ("retry_settings: 3", "E104 'retry_settings' of job 'x' must be a mapping, not a whole number (3)"),
        ("error_threshold: [1]", "E104 'error_threshold' of job 'x' must be text, not a list"),
        ("task: {type: run_function}", "E110 'task' of job 'x' has no 'environment'"),
        ("mini_batch: 3", "W102 Job 'x' has no field 'mini_batch'"),
    ],
)
def test_mistakes(tmp_path, line, said):
    assert read(tmp_path, NODE + f"    {line}\n")[1][:1] == [said]


def test_a_component_without_a_task(tmp_path):
    text = COMPONENT.split("task:", maxsplit=1)[0]
    assert read(tmp_path, text)[1] == ["E110 Component 'score' has no 'task'"]
