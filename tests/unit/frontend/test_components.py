"""mlc.frontend.yaml.components: components from files, dicts and names (azureml.md A1)."""

from pathlib import Path

import pytest

from mlc.diagnostics import Bag
from mlc.frontend.yaml.components import load_component_file, parse_component
from mlc.frontend.yaml.located import from_python
from mlc.frontend.yaml.scope import Foreign
from mlc.ir.component import Component, Distribution, InputPort, OutputPort, Resources
from mlc.ir.environment import ImageEnvironment
from mlc.ir.pipeline import Pipeline
from mlc.ir.template import InputRef, Text
from mlc.ir.types import Mode, PortType

SMALL = "name: c\ncommand: echo\nenvironment: {image: i}\n"


def load(tmp_path, text, anonymous=True):
    path = tmp_path / "c.yml"
    path.write_text(text)
    bag = Bag()
    found = load_component_file(path, bag, anonymous=anonymous)
    return found, [item.code for item in bag.sorted()]


def component(tmp_path, text):
    found, codes = load(tmp_path, text)
    assert not codes
    assert isinstance(found, Component)
    return found


def test_everything_that_a_component_can_say(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("pass\n")
    found = component(
        tmp_path,
        """
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: train
version: 1.10
display_name: Train
description: Trains.
tags: {team: vision}
type: command
inputs:
  data: {type: uri_folder, mode: download, description: pictures}
  lr: {type: number, default: 10, min: 0, max: 1e2}
  kind: {type: string, enum: [a, b], optional: true}
outputs:
  model: {type: mlflow_model, mode: upload}
code: ./src
command: train ${{inputs.data}}
environment: {image: i}
distribution: {type: PyTorch, process_count_per_instance: 2}
resources: {instance_count: 2, shm_size: 2g}
is_deterministic: false
limits: {timeout: 3}
services: {}
""",
    )
    assert found == Component(
        name="train",
        version="1.10",
        display_name="Train",
        description="Trains.",
        tags=(("team", "vision"),),
        inputs=(
            InputPort(name="data", type=PortType.URI_FOLDER, mode=Mode.DOWNLOAD, description="pictures"),
            InputPort(name="lr", type=PortType.NUMBER, default="10.0", minimum=0.0, maximum=100.0),
            InputPort(name="kind", type=PortType.STRING, enum=("a", "b"), optional=True),
        ),
        outputs=(OutputPort(name="model", type=PortType.MLFLOW_MODEL, mode=Mode.UPLOAD),),
        command=(Text(text="train "), InputRef(name="data")),
        code=found.code,
        environment=ImageEnvironment(image="i"),
        distribution=Distribution(type="pytorch", settings=(("process_count_per_instance", "2"),)),
        resources=Resources(instance_count=2, shm_size="2g"),
        is_deterministic=False,
    )
    assert found.code is not None
    assert [name for name, _ in found.code.files] == ["train.py"]
    assert (found.inputs[1].span.line, found.inputs[1].span.column) == (11, 3)


def test_without_a_type_it_is_a_command_and_without_a_name_it_is_called_as_its_file(tmp_path):
    assert component(tmp_path, "command: echo\nenvironment: {image: i}\n").name == "c"


@pytest.mark.parametrize("name", ["Bad-Name", "r-iris-example", "1st", "_x"])
def test_the_name_counts_only_for_components_that_are_used_by_name(tmp_path, name):
    text = SMALL.replace("name: c", f"name: {name}")
    assert load(tmp_path, text, anonymous=True)[1] == []
    assert load(tmp_path, text, anonymous=False)[1] == ["E114"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("name: c\nenvironment: {image: i}", ["E110"]),
        ("name: c\ncommand: echo", ["E110"]),
        ("name: c", ["E110", "E110"]),
        ("name: c\ncommand: [a]\nenvironment: {image: i}", ["E104"]),
        ("name: c\ncommand: '  '\nenvironment: {image: i}", ["E110"]),
        ("[a, b]", ["E104"]),
        ("text", ["E104"]),
        (SMALL + "inputs: [a]", ["E104"]),
        (SMALL + "inputs: {x: 3}", ["E104"]),
        (SMALL + "inputs: {x: [a]}", ["E104"]),
        (SMALL + "inputs: {x: }", ["E104"]),
        (SMALL + "inputs: {x: {}}", ["E110"]),
        (SMALL + "inputs: {x: {type: }}", ["E110"]),
        (SMALL + "inputs: {x: {type: int}}", ["E113"]),
        (SMALL + "inputs: {x: {type: Integer}}", ["E113"]),
        (SMALL + "inputs: {x: {type: object}}", ["E113"]),
        (SMALL + "inputs: {x: {type: [integer]}}", ["E104"]),
        (SMALL + "inputs: {x: {type: uri_file, default: a}}", ["E123"]),
        (SMALL + "inputs: {x: {type: uri_file, path: a}}", ["E111"]),
        (SMALL + "inputs: {x: {type: uri_file, mode: mounted}}", ["E113"]),
        (SMALL + "inputs: {x: {type: integer, default: abc}}", ["E122"]),
        (SMALL + "inputs: {x: {type: boolean, default: 1}}", ["E122"]),
        (SMALL + "inputs: {x: {type: string, default: }}", ["E122"]),
        (SMALL + "inputs: {x: {type: integer, min: low}}", ["E104"]),
        (SMALL + "inputs: {x: {type: integer, optional: maybe}}", ["E104"]),
        (SMALL + "inputs: {x: {type: integer, defualt: 3}}", ["E111"]),
        (SMALL + "outputs: {x: {}}", ["E110"]),
        (SMALL + "outputs: {x: {type: uri_folder, path: a}}", ["E111"]),
        (SMALL + "outputs: {x: }", ["E104"]),
        (SMALL + "type: cmd", ["E112"]),
        (SMALL + "code: ./none", ["E101"]),
        (SMALL + "code: [a]", ["E104"]),
        (SMALL + "code: azureml:code:1", ["E121"]),
        (SMALL + "code: https://example.org/code.zip", ["E121"]),
        (SMALL + "distribution: {type: horovod}", ["E113"]),
        (SMALL + "distribution: {process_count_per_instance: 2}", ["E110"]),
        (SMALL + "resources: {instance_count: '${{parent.inputs.n}}'}", ["E104"]),
        (SMALL + "resources: {instance_count: '2'}", []),
        (SMALL + "comand: echo", ["W102"]),
        (SMALL + "compute: azureml:gpu", ["W103"]),
        (SMALL + "environment_variables: {A: b}", ["W103"]),
        (SMALL + "is_deterministic: 3", ["E104"]),
        (SMALL + "tags: {a: [b]}", ["E104"]),
        (SMALL + "additional_includes: [[a]]", ["E104"]),
    ],
)
def test_mistakes(tmp_path, text, codes):
    assert load(tmp_path, text)[1] == codes


def test_hints_name_the_word_that_was_meant(tmp_path):
    path = tmp_path / "c.yml"
    path.write_text(SMALL + "inputs: {x: {type: float}}\ncomand: x\n")
    bag = Bag()
    load_component_file(path, bag, anonymous=True)
    fixes = {item.code: (item.fix, item.span.line, item.span.column) for item in bag.items}
    assert fixes == {"E113": ("Write 'number'", 4, 20), "W102": ("Did you mean 'command'?", 5, 1)}


def test_a_file_is_read_once_per_run(tmp_path):
    path = tmp_path / "c.yml"
    path.write_text(SMALL)
    bag = Bag()
    first = load_component_file(path, bag, anonymous=True)
    path.write_text("changed")
    assert load_component_file(path, bag, anonymous=True) is first


def test_kinds_that_are_refused_keep_their_ports(tmp_path):
    found, codes = load(tmp_path, "type: spark\nname: p\noutputs: {o: {type: uri_file}}\nentry: {}\n")
    assert not codes
    assert found == Foreign(type="spark", name="p", outputs=(OutputPort(name="o", type=PortType.URI_FILE),))


def test_a_dict_of_the_dsl(tmp_path):
    (tmp_path / "a.py").touch()
    bag = Bag()
    value = {"command": "echo ${{inputs.n}}", "environment": {"image": "i"}, "code": ".", "inputs": {}}
    value["inputs"] = {"n": {"type": "integer", "default": 3}, "flag": {"type": "boolean", "default": True}}
    found = parse_component(from_python(value), tmp_path, bag, name="step")
    assert not bag.items
    assert isinstance(found, Component)
    assert (found.name, [port.default for port in found.inputs]) == ("step", ["3", "True"])
    assert found.code is not None


def test_a_pipeline_that_contains_itself_is_refused(tmp_path):
    (tmp_path / "a.yml").write_text("type: pipeline\nname: a\njobs: {b: {component: ./b.yml}}\n")
    (tmp_path / "b.yml").write_text("type: pipeline\nname: b\njobs: {a: {component: ./a.yml}}\n")
    bag = Bag()
    assert isinstance(load_component_file(tmp_path / "a.yml", bag, anonymous=True), Pipeline)
    assert [(item.code, Path(item.span.file).name) for item in bag.items] == [("E119", "b.yml")]
    assert "a.yml -> b.yml -> a.yml" in bag.items[0].what


def test_a_long_chain_of_pipelines_is_refused(tmp_path):
    for n in range(200):
        (tmp_path / f"p{n}.yml").write_text(f"type: pipeline\nname: p\njobs: {{a: {{component: ./p{n + 1}.yml}}}}\n")
    bag = Bag()
    load_component_file(tmp_path / "p0.yml", bag, anonymous=True)
    assert [item.code for item in bag.items] == ["E119"]
