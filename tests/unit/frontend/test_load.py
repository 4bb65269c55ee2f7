"""mlc.frontend.load: by suffix, and what a YAML file can be besides a pipeline."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load
from mlc.ir.pipeline import CommandNode, OutputBinding, PipelineInputRef, UnsupportedNode
from mlc.ir.types import PortType

JOB = """\
type: command
display_name: My Job!
command: echo ${{inputs.n}}
environment: {image: i}
inputs: {n: 3, d: {type: uri_folder, path: ./d}}
outputs: {o: {type: uri_folder}}
compute: azureml:cpu
"""
PIPELINE = "type: pipeline\njobs: {a: {command: x, environment: {image: i}}}\n"


def outcome(path):
    bag = Bag()
    found = load(path, Request(), bag)
    assert found is not None or bag.has_errors
    return found, [item.code for item in bag.sorted()]


@pytest.mark.parametrize("name", ["p.yml", "p.yaml", "P.YML"])
def test_suffixes(tmp_path, name):
    (tmp_path / name).write_text(PIPELINE)
    assert outcome(tmp_path / name)[1] == []


def test_what_is_no_source(tmp_path):
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder.yml").mkdir()
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "empty.yml").touch()
    assert outcome(tmp_path / "none.yml") == (None, ["E101"])
    assert outcome(tmp_path / "notes.txt") == (None, ["E105"])
    assert outcome(tmp_path / "none.txt") == (None, ["E101"])
    assert outcome(tmp_path) == (None, ["E106"])
    assert outcome(tmp_path / "folder.yml") == (None, ["E106"])
    assert outcome(tmp_path / "pipe.yml") == (None, ["E106"])
    assert outcome(tmp_path / "empty.yml") == (None, ["E103"])
    assert outcome(tmp_path / ("x" * 300 + ".yml")) == (None, ["E107"])
    assert outcome(tmp_path / "a\0.yml")[0] is None


def test_a_relative_source_has_absolute_places(tmp_path, monkeypatch):
    (tmp_path / "p.yml").write_text(PIPELINE)
    monkeypatch.chdir(tmp_path)
    found, _ = outcome(Path("p.yml"))
    assert found.span.file == str(tmp_path / "p.yml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[a, b]", "E104"),
        ("text", "E104"),
        ("{}", "E105"),
        ("jobs: {a: {command: x, environment: {image: i}}}", "E110"),
        ("type: ", "E110"),
        ("type: [a]", "E104"),
        ("type: pipelin\njobs: {}", "E112"),
        ("name: e\nimage: x", "E105"),
        ("dependencies: [python]", "E105"),
        ("endpoint_name: e\ntype: pipeline", "E105"),
        ("$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\nname: d\npath: x", "E105"),
    ],
)
def test_other_files(tmp_path, text, code):
    (tmp_path / "p.yml").write_text(text)
    assert outcome(tmp_path / "p.yml")[1] == [code]


def test_a_command_job_is_a_pipeline_of_one_job(tmp_path):
    (tmp_path / "p.yml").write_text(JOB)
    found, codes = outcome(tmp_path / "p.yml")
    assert not codes
    node = found.nodes[0]
    assert isinstance(node, CommandNode)
    assert (found.name, node.name, node.compute) == ("My Job!", "my_job", "cpu")
    assert [(port.name, port.type) for port in node.component.inputs] == [
        ("n", PortType.INTEGER),
        ("d", PortType.URI_FOLDER),
    ]
    assert [binding.value for binding in node.inputs] == [PipelineInputRef(name="n"), PipelineInputRef(name="d")]
    assert node.outputs == (OutputBinding(name="o", promoted_to=("o",)),)
    assert found.inputs[0].value.text == "3"


def test_a_command_component_is_one_too(tmp_path):
    text = "name: c\ncommand: x\nenvironment: {image: i}\ninputs: {n: {type: integer, default: 3}}\n"
    (tmp_path / "c.yml").write_text(text)
    found, codes = outcome(tmp_path / "c.yml")
    assert not codes
    assert (found.name, found.nodes[0].name, found.inputs[0].port.default) == ("c", "c", "3")
    assert found.inputs[0].value is None


@pytest.mark.parametrize("kind", ["import", "automl", "spark"])
def test_jobs_of_other_kinds_are_left_for_a_pass_to_refuse(tmp_path, kind):
    (tmp_path / "p.yml").write_text(f"type: {kind}\nname: s\n")
    found, codes = outcome(tmp_path / "p.yml")
    assert not codes
    assert isinstance(found.nodes[0], UnsupportedNode)
    assert found.nodes[0].type == kind


def test_yaml_does_not_load_the_dsl(tmp_path):
    (tmp_path / "p.yml").write_text(PIPELINE)
    code = (
        "import sys; from pathlib import Path; from mlc.diagnostics import Bag; from mlc.frontend import *;"
        f"load(Path({str(tmp_path / 'p.yml')!r}), Request(), Bag());"
        "print(sorted(m for m in sys.modules if m.startswith(('mlc.sdk.', 'difflib', 'pathspec', 'click', 'docker'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


PIECES = [
    *("null", "[]", "{}", "3", "x", "'${{parent.inputs.x}}'", "[1, [2]]", "{a: {b: c}}", "!!binary abc", "*q", "1e400"),
    *("&a [*a]", "007", "1:90", "-", "? a", "|\n  x", "''", "true", "2020-01-01", "${{", "{type: [a]}", "{path: {}}"),
    *("{type: pipeline, jobs: {}}", "\0", "\ud83d", "9" * 450, ".nan", "0b", "<<", "{<<: 3}", "{component: p.yml}"),
    *("{type: number, min: abc, enum: 3}", "\t", "a: b: c", "x" * 5000, "../" * 2000, "[" * 200),
]


@pytest.mark.parametrize("seed", range(150))
def test_whatever_stands_in_a_file_there_is_a_message_and_no_traceback(tmp_path, seed):
    chance = random.Random(seed)
    lines = (JOB if seed % 3 else PIPELINE.replace("{a: {", "\n  a:\n    {")).splitlines()
    lines += ["resources: {instance_count: 2}", "tags: {a: b}", "code: .", "limits: {timeout: 3}"]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        key = lines[at].split(":")[0]
        lines[at] = f"{key}: {chance.choice(PIECES)}" if chance.random() < 0.8 else chance.choice(PIECES)
    path = tmp_path / "p.yml"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    bag = Bag()
    found = load(path, Request(), bag)
    assert found is not None or bag.has_errors
    assert render(bag.sorted(), {}, tmp_path) or not bag.items
