"""``parallel_run_function()``, loaded parallel components, and what nodes of them set anew."""

import pytest
from tests.support.scripts import script

from mlc.ir.environment import ImageEnvironment
from mlc.ir.parallel import Parallel
from mlc.ir.pipeline import CommandNode
from mlc.ir.template import OutputRef, Text

HEAD = """
from azure.ai.ml import Input, Output, load_component
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment
from azure.ai.ml.parallel import RunFunction, parallel_run_function
score = parallel_run_function(
    display_name="Score", inputs=dict(images=Input(type="uri_folder"), label="a"),
    outputs=dict(rows=Output(type="uri_file")), input_data="${{inputs.images}}", instance_count=2,
    mini_batch_size="10", mini_batch_error_threshold=1, retry_settings=dict(max_retries=2, timeout=60),
    environment_variables={"A": "1"}, logging_level="DEBUG",
    task=RunFunction(code="./src", entry_script="score.py", program_arguments="--rows ${{outputs.rows}}",
                     append_row_to="${{outputs.rows}}", environment=Environment(image="python:3.11")))
"""
COMPONENT = """
type: parallel
name: score
inputs: {images: {type: uri_folder}, label: {type: string, default: a}}
outputs: {rows: {type: uri_file}}
input_data: ${{inputs.images}}
mini_batch_size: "10"
mini_batch_error_threshold: 1
retry_settings: {max_retries: 2, timeout: 60}
logging_level: DEBUG
resources: {instance_count: 2}
task:
  type: run_function
  code: ./src
  entry_script: score.py
  program_arguments: --rows ${{outputs.rows}}
  append_row_to: ${{outputs.rows}}
  environment: {image: "python:3.11"}
"""
SETTINGS = Parallel(
    entry_script="score.py",
    input_data="images",
    append_row_to="rows",
    mini_batch_size="10",
    mini_batch_error_threshold="1",
    max_retries="2",
    timeout="60",
    logging_level="DEBUG",
)


def loaded(tmp_path, body, head=HEAD):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").touch()
    (tmp_path / "score.yml").write_text(COMPONENT)
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return script(tmp_path, f"{head}\n@pipeline()\ndef p(d, n: int = 3):\n{lines}\n\njob = p(Input(path='.'))\n")


def step(found, name="x"):
    assert found.said == []
    node = found.node(name)
    assert isinstance(node, CommandNode)
    return node


FILE = HEAD.split("score =", maxsplit=1)[0] + "score = load_component('score.yml')\n"


@pytest.mark.parametrize("head", [HEAD, FILE], ids=["function", "file"])
def test_a_node_of_a_parallel_component(tmp_path, head):
    node = step(loaded(tmp_path, "x = score(images=d)", head))
    assert node.component.parallel == SETTINGS
    assert node.component.command == (Text(text="--rows "), OutputRef(name="rows"))
    assert node.component.environment == ImageEnvironment(image="python:3.11")
    assert [path for path, _ in node.component.code.files] == ["score.py"]
    assert (node.resources.instance_count or node.component.resources.instance_count) == 2
    assert dict(node.environment_variables) == ({"A": "1"} if head is HEAD else {})


@pytest.mark.parametrize("head", [HEAD, FILE], ids=["function", "file"])
def test_settings_of_a_node(tmp_path, head):
    text = """
x = score(images=d)
x.mini_batch_size = 5
x.max_concurrency_per_instance = n
x.retry_settings.timeout = 90
x.resources.instance_count = 3
x.task.program_arguments = "--all"
y = score(images=x.outputs.rows)
"""
    found = loaded(tmp_path, text, head)
    node = step(found)
    assert (node.component.parallel.mini_batch_size, node.component.parallel.timeout) == ("5", "90")
    assert node.component.parallel.max_retries == "2"
    assert node.component.parallel.max_concurrency_per_instance == "${{parent.inputs.n}}"
    assert (node.resources.instance_count, node.component.command) == (3, (Text(text="--all"),))
    assert step(found, "y").component.parallel == SETTINGS
    assert step(found, "y").component.command == (Text(text="--rows "), OutputRef(name="rows"))


def test_a_function_whose_settings_are_set_hands_them_on(tmp_path):
    found = loaded(tmp_path, "x = score(images=d)", HEAD + "score.mini_batch_size = '7'\n")
    assert step(found).component.parallel.mini_batch_size == "7"


def test_a_node_has_the_name_of_its_function(tmp_path):
    found = loaded(tmp_path, "x = score(images=d)", HEAD.replace('display_name="Score"', 'name="scoring"'))
    assert (found.nodes, step(found, "scoring").component.name) == (["scoring"], "scoring")


def test_a_component_without_a_task(tmp_path):
    found = loaded(tmp_path, "x = score(images=d)", HEAD.split("task=", maxsplit=1)[0] + ")\n")
    assert found.said == ["E207 6: The task of parallel_run_function() is None"]


def test_a_bad_size(tmp_path):
    found = loaded(tmp_path, "x = score(images=d)\nx.mini_batch_size = '10 files'")
    assert found.said == ["E528 16: The mini_batch_size of node 'x' is '10 files'"]


@pytest.mark.parametrize(
    "text",
    [
        "p = parallel_run_function(task=3, inputs=3, outputs=[1], mini_batch_size=object(), partition_keys=5); p()",
        "x = score(images=d); x.retry_settings = 8; x.task = 'x'; x.mini_batch_size = [1]; x.resources = 3",
        "x = score(images=d); x.task = {'code': 3, 'environment': 4, 'program_arguments': 5, 'entry_script': [6]}",
        "x = parallel_run_function(task={})(); x.task = [1]; x.partition_keys = {1: 2}; x.input_data = object()",
    ],
)
def test_nonsense_is_reported(tmp_path, text):
    found = loaded(tmp_path, text)
    assert found.codes
    assert "E201" not in found.codes, found.said
