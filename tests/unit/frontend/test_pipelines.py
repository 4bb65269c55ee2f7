"""mlc.frontend: pipelines in YAML -> IR (azureml.md A6, A9)."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.ir.component import Distribution, Resources
from mlc.ir.pipeline import (
    BROKEN_NODE,
    CommandNode,
    Data,
    InputBinding,
    Joined,
    Literal,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    Pipeline,
    PipelineInputRef,
    PipelineNode,
    PipelineOutput,
    Settings,
    UnsupportedNode,
)
from mlc.ir.types import Mode, PortType

COMPONENT = """\
name: step_a
inputs:
  data: {type: uri_folder}
  lr: {type: number, default: 0.1}
  s: {type: string, optional: true}
outputs: {out: {type: uri_file}}
environment: {image: i}
command: echo ${{inputs.data}}
"""
NESTED = """\
type: pipeline
name: inner
inputs:
  data: {type: uri_folder}
  n: {type: integer, default: 3}
outputs: {res: {type: uri_file}}
jobs:
  s1: {component: ./c.yml, inputs: {data: "${{parent.inputs.data}}"}, outputs: {out: "${{parent.outputs.res}}"}}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "c.yml").write_text(COMPONENT)
    (tmp_path / "nested.yml").write_text(NESTED)
    return tmp_path


def read(project, text, head="type: pipeline\n"):
    path = project / "p.yml"
    path.write_text(head + text)
    bag = Bag()
    return load(path, Request(), bag), [item.code for item in bag.sorted()]


def good(project, text, head="type: pipeline\n"):
    found, codes = read(project, text, head)
    assert not codes
    assert isinstance(found, Pipeline)
    return found


def values(node):
    return {binding.name: binding.value for binding in node.inputs}


def test_the_example_with_every_binding(project):
    found = good(
        project,
        """
settings: {default_compute: azureml:cpu, force_rerun: true}
experiment_name: e
inputs:  {d: {type: uri_folder, path: ./src}, lr: 0.5}
outputs: {final: {type: uri_folder}}
jobs:
  a: {type: command, component: ./c.yml, inputs: {data: "${{parent.inputs.d}}", lr: "${{parent.inputs.lr}}"}, outputs: {out: }}
  b: {component: ./c.yml, inputs: {data: "${{parent.jobs.a.outputs.out}}"}, outputs: {out: "${{parent.outputs.final}}"}}
""",  # noqa: E501
    )
    first, second = found.nodes
    assert isinstance(first, CommandNode)
    assert isinstance(second, CommandNode)
    assert first.component is second.component
    assert first.inputs == (
        InputBinding(name="data", value=PipelineInputRef(name="d")),
        InputBinding(name="lr", value=PipelineInputRef(name="lr")),
    )
    assert first.outputs == (OutputBinding(name="out"),)
    assert second.inputs == (InputBinding(name="data", value=NodeOutputRef(node="a", output="out")),)
    assert second.outputs == (OutputBinding(name="out", promoted_to=("final",)),)
    assert [(item.port.name, item.port.type, item.value) for item in found.inputs] == [
        ("d", PortType.URI_FOLDER, Data(uri="./src", local=str(project / "src"))),
        ("lr", PortType.NUMBER, Literal(text="0.5", type=PortType.NUMBER)),
    ]
    assert found.outputs == (PipelineOutput(name="final", type=PortType.URI_FOLDER),)
    assert found.settings == Settings(default_compute="cpu", force_rerun=True)
    assert (found.name, found.experiment_name) == ("p", "e")


def test_values_of_a_component_s_inputs(project):
    found = good(
        project,
        """
jobs:
  a:
    component: ./c.yml
    inputs:
      data: ./folder
      lr: 10
      s: "007"
  b:
    component: ./c.yml
    inputs:
      data: {path: "${{parent.jobs.a.inputs.data}}", mode: download}
      lr: ${{parent.jobs.a.inputs.lr}}
      s: pre-${{ parent.inputs.s }}/${{parent.jobs.a.outputs.out}}
  c:
    component: ./c.yml
    inputs:
      data: {type: uri_file, path: azureml:thing:3, mode: direct}
      lr: {value: 0.00005}
      s: "on"
""",
    )
    a, b, c = (values(node) for node in found.nodes)
    assert a == {
        "data": Data(uri="./folder", local=str(project / "folder")),
        "lr": Literal(text="10", type=PortType.INTEGER),
        "s": Literal(text="007"),
    }
    assert b == {
        "data": NodeInputRef(node="a", input="data", mode=Mode.DOWNLOAD),
        "lr": NodeInputRef(node="a", input="lr"),
        "s": Joined(
            parts=(
                Literal(text="pre-"),
                PipelineInputRef(name="s"),
                Literal(text="/"),
                NodeOutputRef(node="a", output="out"),
            )
        ),
    }
    assert c == {
        "data": Data(uri="azureml:thing:3", type=PortType.URI_FILE, mode=Mode.DIRECT),
        "lr": Literal(text="5e-05", type=PortType.NUMBER),
        "s": Literal(text="on"),
    }


@pytest.mark.parametrize("text", ["${{garbage}}", "${{inputs.x}}", "x ${{parent.inputs}} y", "${{parent.inputs.x}"])
def test_expressions_that_are_none_stay_text(project, text):
    found = good(project, f"jobs: {{a: {{component: ./c.yml, inputs: {{s: '{text}'}}}}}}\n")
    assert values(found.nodes[0]) == {"s": Literal(text=text)}


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("azureml:data:1", False),
        ("azureml://datastores/d/paths/p", False),
        ("https://example.org/x.csv", False),
        ("wasbs://c@a.blob.core.windows.net/p", False),
        ("s3://bucket/x", False),
        ("x", True),
        ("../x", True),
        ("file:x", True),
        ("/abs/x", True),
    ],
)
def test_what_is_local(project, uri, local):
    value = values(good(project, f"jobs: {{a: {{component: ./c.yml, inputs: {{data: '{uri}'}}}}}}\n").nodes[0])["data"]
    assert isinstance(value, Data)
    assert value.uri == uri
    assert (value.local is not None) == local
    assert not local or (value.local or "").startswith("/")


def test_what_a_node_says_itself(project):
    found = good(
        project,
        """
jobs:
  a:
    component: ./c.yml
    compute: azureml:gpu
    resources: {instance_count: 2, shm_size: 2g, instance_type: x}
    distribution: {type: mpi, process_count_per_instance: 4}
    limits: {timeout: 33}
    environment_variables: {A: b, FLAG: true, N: 1}
    display_name: First
    description: d
    tags: {x: y}
    comment: c
    identity: {type: user_identity}
    outputs: {out: {type: uri_folder, mode: upload, path: "azureml://datastores/d/paths/x", name: asset, version: 3}}
""",
    )
    node = found.nodes[0]
    assert isinstance(node, CommandNode)
    assert node.compute == "gpu"
    assert node.resources == Resources(instance_count=2, shm_size="2g", instance_type="x")
    assert node.distribution == Distribution(type="mpi", settings=(("process_count_per_instance", "4"),))
    assert node.timeout == 33
    assert node.environment_variables == (("A", "b"), ("FLAG", "True"), ("N", "1"))
    assert (node.display_name, node.description, node.tags) == ("First", "d", (("x", "y"),))
    assert node.outputs == (
        OutputBinding(
            name="out",
            type=PortType.URI_FOLDER,
            mode=Mode.UPLOAD,
            path="azureml://datastores/d/paths/x",
            asset_name="asset",
            asset_version="3",
        ),
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("azureml:gpu", "gpu"),
        ("gpu", "gpu"),
        ("serverless", "serverless"),
        ("azureml:/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/computes/gpu", "gpu"),
        ("'${{parent.inputs.c}}'", "${{parent.inputs.c}}"),
    ],
)
def test_computes(project, written, name):
    assert good(project, f"compute: {written}\njobs: {{}}\n").settings.default_compute == name


def test_command_jobs_take_types_from_their_values(project):
    found = good(
        project,
        """
inputs: {d: {type: mltable, path: ./t}, lr: 0.5}
outputs: {f: {type: uri_file}}
jobs:
  a:
    command: echo
    environment: {image: i}
    inputs:
      text: ./data.csv
      n: 3
      f: 1.5
      b: true
      d: ${{parent.inputs.d}}
      p: ${{parent.inputs.lr}}
      file: ${{parent.inputs.d}}/sub/x.csv
      folder: ${{parent.inputs.d}}/sub
      word: ${{parent.inputs.lr}}-${{parent.inputs.lr}}
      later: ${{parent.jobs.z.outputs.out}}
      model: ${{parent.jobs.b.outputs.m}}
      again: ${{parent.jobs.a.inputs.n}}
      said: {type: uri_file, path: "${{parent.inputs.d}}"}
    outputs: {plain: , f: "${{parent.outputs.f}}", t: {type: mltable, mode: upload}}
  b: {command: echo, environment: {image: i}, outputs: {m: {type: mlflow_model}}}
  z: {component: ./c.yml}
""",
    )
    node = found.nodes[0]
    assert isinstance(node, CommandNode)
    assert node.component.name == "a"
    assert {port.name: port.type.value for port in node.component.inputs} == {
        "text": "string",
        "n": "integer",
        "f": "number",
        "b": "boolean",
        "d": "mltable",
        "p": "number",
        "file": "uri_file",
        "folder": "uri_folder",
        "word": "string",
        "later": "uri_file",
        "model": "mlflow_model",
        "again": "integer",
        "said": "uri_file",
    }
    assert not any(port.optional for port in node.component.inputs)
    assert [(port.name, port.type.value) for port in node.component.outputs] == [
        ("plain", "uri_folder"),
        ("f", "uri_file"),
        ("t", "mltable"),
    ]


def test_inputs_that_are_bound_in_a_circle_come_to_an_end(project):
    text = "jobs: {a: {command: x, environment: {image: i}, inputs: {x: '${{parent.jobs.a.inputs.x}}'}}}\n"
    node = good(project, text).nodes[0]
    assert isinstance(node, CommandNode)
    assert node.component.inputs[0].type is PortType.URI_FOLDER


def test_nested_pipelines(project):
    found = good(
        project,
        """
outputs: {final: }
jobs:
  first: {type: pipeline, component: file:./nested.yml, inputs: {data: ./x, n: 4}, outputs: {res: "${{parent.outputs.final}}"}}
  second: {component: nested.yml, inputs: {data: "${{parent.jobs.first.outputs.res}}"}}
  after: {command: x, environment: {image: i}, inputs: {x: "${{parent.jobs.first.outputs.res}}"}}
""",  # noqa: E501
    )
    first, second, after = found.nodes
    assert isinstance(first, PipelineNode)
    assert isinstance(second, PipelineNode)
    assert isinstance(after, CommandNode)
    assert first.pipeline is second.pipeline
    assert (first.pipeline.name, [item.port.default for item in first.pipeline.inputs]) == ("inner", [None, "3"])
    assert values(first)["data"] == Data(uri="./x", local=str(project / "x"))
    assert first.outputs == (OutputBinding(name="res", promoted_to=("final",)),)
    assert after.component.inputs[0].type is PortType.URI_FILE


def test_paths_belong_to_the_file_that_says_them(project):
    (project / "sub" / "src").mkdir(parents=True)
    (project / "sub" / "src" / "a.py").touch()
    (project / "sub" / "c.yml").write_text(COMPONENT + "code: ./src\n")
    (project / "sub" / "n.yml").write_text(NESTED.replace('"${{parent.inputs.data}}"', "./own"))
    found = good(project, "jobs: {a: {component: sub/n.yml}}\n")
    node = found.nodes[0]
    assert isinstance(node, PipelineNode)
    inner = node.pipeline.nodes[0]
    assert isinstance(inner, CommandNode)
    assert inner.component.code is not None
    assert values(inner)["data"] == Data(uri="./own", local=str(project / "sub" / "own"))


def test_a_job_can_run_a_pipeline_component(project):
    found = good(project, "component: ./nested.yml\ninputs: {data: ./x}\noutputs: {res: {mode: upload}}\n")
    assert [node.name for node in found.nodes] == ["s1"]
    assert [(item.port.name, item.port.default, item.value) for item in found.inputs] == [
        ("data", None, Data(uri="./x", local=str(project / "x"))),
        ("n", "3", None),
    ]
    assert found.outputs == (PipelineOutput(name="res", mode=Mode.UPLOAD),)


def test_a_component_inside_of_a_node(project):
    text = "jobs: {a: {component: {name: x, command: echo, environment: {image: i}, inputs: {n: {type: integer}}}, "
    node = good(project, text + "inputs: {n: 3}}}\n").nodes[0]
    assert isinstance(node, CommandNode)
    assert (node.component.name, node.component.input("n") is not None) == ("x", True)


@pytest.mark.parametrize("kind", ["spark", "automl", "import", "data_transfer", "if_else"])
def test_other_kinds_are_kept_by_name(project, kind):
    text = (
        f"inputs: {{d: 3}}\njobs: {{a: {{type: {kind}, odd: [1], inputs: {{d: '${{{{parent.inputs.d}}}}', e: }}}}}}\n"
    )
    node = good(project, text).nodes[0]
    assert isinstance(node, UnsupportedNode)
    assert (node.type, node.inputs) == (kind, (InputBinding(name="d", value=PipelineInputRef(name="d")),))


def test_components_of_other_kinds_too(project):
    (project / "par.yml").write_text("type: spark\nname: p\noutputs: {o: {type: uri_file}}\n")
    node = good(project, "jobs: {a: {component: par.yml}}\n").nodes[0]
    assert isinstance(node, UnsupportedNode)
    assert (node.type, [port.name for port in node.output_ports]) == ("spark", ["o"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("jobs: [a]", ["E104"]),
        ("jobs: {a: 3}", ["E104"]),
        ("jobs: {a: }", ["E104"]),
        ("jobs: {a: {}}", ["E110"]),
        ("jobs: {a: {type: }}", ["E110"]),
        ("jobs: {a: {type: comand, command: x}}", ["E110", "E112"]),
        ("jobs: {a: {component: none.yml}}", ["E101"]),
        ("jobs: {a: {component: [a]}}", ["E104"]),
        ("jobs: {a: {type: pipeline}}", ["E110"]),
        ("jobs: {a: {type: pipeline, jobs: {}}}", ["E110"]),
        ("jobs: {a: {type: pipeline, component: nested.yml, jobs: {}}}", ["E123"]),
        ("jobs: {a: {component: nested.yml, compute: azureml:x}}", ["W103"]),
        ("jobs: {a: {component: c.yml, environment: azureml:x}}", ["W103"]),
        ("jobs: {a: {component: c.yml, inptus: {}}}", ["W102"]),
        ("jobs: {a: {component: c.yml, inputs: [a]}}", ["E104"]),
        ("jobs: {a: {component: c.yml, inputs: {data: }}}", ["E110"]),
        ("jobs: {a: {component: c.yml, inputs: {data: [a]}}}", ["E104"]),
        ("jobs: {a: {component: c.yml, inputs: {data: {type: uri_folder}}}}", ["E110"]),
        ("jobs: {a: {component: c.yml, inputs: {data: {type: folder, path: x}}}}", ["E113"]),
        ("jobs: {a: {component: c.yml, inputs: {data: {path: x, mode: ro}}}}", ["E113"]),
        ("jobs: {a: {component: c.yml, inputs: {lr: {type: number, path: x}}}}", ["E113"]),
        ("jobs: {a: {component: c.yml, outputs: {out: '${{parent.inputs.x}}'}}}", ["E116"]),
        ("jobs: {a: {component: c.yml, outputs: {out: 3}}}", ["E116"]),
        ("jobs: {a: {component: c.yml, outputs: {out: {data: x}}}}", ["E111"]),
        ("jobs: {a: {component: c.yml, outputs: {out: {version: 1}}}}", ["E110"]),
        ("jobs: {a: {component: c.yml, outputs: {out: {name: a@b}}}}", ["E114"]),
        ("jobs: {a: {component: c.yml, limits: {timeout: soon}}}", ["E104"]),
        ("jobs: {a: {component: c.yml, limits: {timeout: 0}}}", ["E122"]),
        ("jobs: {a: {component: c.yml, compute: {target: x}}}", ["E104"]),
        ("jobs: {a: {command: x}}", ["E110"]),
        ("jobs: {a: {command: x, environment: {image: i}, code: none}}", ["E101"]),
        ("component: nested.yml\njobs: {}", ["E123"]),
        ("component: c.yml", ["E112"]),
        ("inputs: {x: }", ["E110"]),
        ("inputs: {x: {type: number, default: 3}}", ["E123"]),
        ("inputs: {x: '${{parent.inputs.y}}'}", ["E116"]),
        ("outputs: {x: text}", ["E104"]),
        ("outputs: {x: {typ: uri_folder}}", ["E111"]),
        ("settings: {default_datestore: x}", ["W102"]),
        ("settings: {force_rerun: maybe}", ["E104"]),
        ("foo: 1", ["E111"]),
        ("jobs: {a: {component: c.yml}, a: {component: c.yml}}", ["W101"]),
    ],
)
def test_mistakes(project, text, codes):
    assert read(project, text + "\n")[1] == codes


def test_all_mistakes_of_a_file_are_told_at_once(project):
    text = "jobs:\n  a: {component: none.yml}\n  b: {type: comand}\n  c: {component: c.yml, inputs: {data: }}\n"
    found, codes = read(project, text)
    assert found is not None
    assert codes == ["E101", "E112", "E110"]
    assert [node.name for node in found.nodes] == ["a", "b", "c", BROKEN_NODE]
