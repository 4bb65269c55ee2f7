"""YAML as it is found in repositories: what the reference makes of it, mlc makes of it, or says why not."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.frontend.yaml.components import load_component_file
from mlc.ir.pipeline import Pipeline

C = """\
type: command
name: c
inputs:
  d: {type: uri_folder, optional: true}
  n: {type: integer, default: 1}
  x: {type: number, default: 0.5}
  s: {type: string, default: a}
  b: {type: boolean, default: false}
outputs:
  o: {type: uri_folder}
environment: {image: "debian:12"}
command: echo ${{inputs.n}} > ${{outputs.o}}/f
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "repository" / "job"
    folder.mkdir(parents=True)
    (folder / "c.yml").write_text(C)
    return folder


def read(project, text):
    path = project / "p.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    bag = Bag()
    return load(path, Request(), bag), [item.code for item in bag.sorted()]


def test_an_input_that_a_nested_pipeline_does_not_have_is_left_out_with_a_warning(project):
    text = "type: pipeline\njobs:\n  a: {type: pipeline, component: p2.yml, inputs: {nn: 1}}\n"
    (project / "p2.yml").write_text("type: pipeline\nname: p2\ninputs: {n: {type: integer, default: 2}}\njobs: {}\n")
    found, codes = read(project, text)
    assert codes == ["W103"]
    assert isinstance(found, Pipeline)
    assert found.nodes[0].inputs == ()


J = "type: pipeline\njobs:\n  j: {component: ./c.yml}\n"


def node(fields):
    return f"type: pipeline\njobs:\n  j: {{component: ./c.yml, {fields}}}\n"


def inline(fields):
    return f"type: pipeline\njobs:\n  j: {{command: echo, environment: {{image: debian}}, {fields}}}\n"


def top(fields):
    return f"type: pipeline\n{fields}\njobs:\n  j: {{component: ./c.yml}}\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # How a file is written
        (J.replace("\n", "\r\n").encode(), []),
        (b"\xef\xbb\xbf" + J.encode(), []),
        (J.encode("utf-16"), []),
        (f"%YAML 1.1\n---\n{J}...\n", []),
        (f"{J}---\n{J}", ["E102"]),
        (J.replace("  j", "\tj"), ["E102"]),
        (J + "description: caf\xe9\n", []),
        ((J + "description: caf\xe9\n").encode("latin-1"), ["E107"]),
        (J + "x: &a 1\ny: *b\n", ["E102"]),
        (J.replace("{component", "&j {component") + "  k: *j\n", []),
        (J.replace("{component", "&j {component") + "  k: {<<: *j, compute: azureml:x}\n", []),
        (J.replace("{component", "&j {component") + "  k: {<<: [*j, {compute: azureml:x}]}\n", []),
        (J.replace("{component", "&j {component") + "  k: {<<: 3}\n", ["E109"]),
        (node("inputs: {s: !!str 12, n: !!int '3', x: !!float 3}"), []),
        (node("inputs: {s: !secret x}"), ["E109"]),
        (node("inputs: {s: !!python/object/apply:os.system [x]}"), ["E109"]),
        # Keys
        (J + "jobs:\n  k: {component: ./c.yml}\n", ["W101"]),
        (node("inputs: {n: 1, n: 2}"), ["W101"]),
        (node("inptus: {n: 1}"), ["W102"]),
        (inline("inptus: {n: 1}"), ["E111"]),
        (top("inptus: {n: 1}"), ["E111"]),
        (top("settings: {default_datestore: azureml:x}"), ["W102"]),
        ("type: pipeline\njobs:\n  1a: {component: ./c.yml}\n  ? [b]\n  : {}\n", ["E109"]),
        # What a file is
        ("jobs:\n  j: {component: ./c.yml}\n", ["E110"]),
        (f"$schema: https://x/latest/commandJob.schema.json\n{J}", []),
        (f"$schema: https://x/latest/pipelineComponent.schema.json\n{J}", []),
        (f"$schema: hello\n{J}", []),
        (J.replace("pipeline", "Pipeline"), ["E112"]),
        # Components
        (J.replace("./c.yml", "c.yml"), []),
        (J.replace("./c.yml", "file:./c.yml"), []),
        (J.replace("./c.yml", "./d.yml"), ["E101"]),
        (J.replace("component: ./c.yml", "type: pipeline, jobs: {k: {component: ./c.yml}}"), ["E110"]),
        (J.replace("./c.yml", "{command: echo, environment: {image: i}}"), []),
        (J.replace("component: ./c.yml", "type: parallel_for, body: x"), []),
        (node("type: pipeline"), ["E112"]),
        (node("type: parallel"), ["E112"]),
        (node("type: command"), []),
        (top("settings: {force_rerun: 1, continue_on_step_failure: 'no'}"), []),
        (top("settings: {force_rerun: 2}"), ["E104"]),
        # Nothing
        (top("inputs:"), ["E110"]),
        (top("outputs:"), ["E110"]),
        (top("outputs: {o: }"), []),
        (top("inputs: {i: }"), ["E110"]),
        (top("settings:"), ["E110"]),
        (top("settings: {on_init: }"), []),
        (node("outputs: {o: }"), []),
        (node("outputs: "), ["E110"]),
        (node("display_name: , tags: , version: "), []),
        (node("limits: "), ["E110"]),
        (inline("outputs: {o: }"), []),
        (inline("code: "), ["E110"]),
        # Values
        (node("inputs: {n: 010, x: 1_000, b: yes}"), ["W104"]),
        (node("inputs: {s: on, n: 1:30}"), ["W104", "W104"]),
        (node("inputs: {s: 2024-01-01}"), ["E122"]),
        (node("inputs: {x: .inf}"), ["E122"]),
        (top("inputs: {start: 12:30}"), ["W104"]),
        (top("inputs: {flag: yes, size: 1_000, share: 1.10}"), []),
        (top("inputs: {day: 2024-01-01}"), ["E122"]),
        (top("inputs: {n: {value: 3}}"), []),
        (top("inputs: {n: {type: integer, value: 3}}"), ["E113"]),
        (top("inputs: {n: {type: integer, default: 3}}"), ["E123"]),
        # Words
        (top("name: 3"), ["E104"]),
        (top("display_name: 3"), ["E104"]),
        (top("tags: {a: 1}"), ["E104"]),
        (top("properties: {a: b}"), []),
        (top("experiment_name: yes"), ["E104"]),
        (inline("command: 3"), ["W101", "E104"]),
        (top("settings: {default_compute: cpu}"), ["E122"]),
        (top("settings: {default_compute: serverless}"), []),
        (top("compute: cpu"), []),
        (top("identity: {type: AMLToken}"), []),
        (top("identity: {type: me}"), ["E113"]),
        (node("services: {s: {type: ssh}}, queue_settings: {job_tier: spot}, comment: x"), []),
        (inline("comment: x"), ["E111"]),
        (node("properties: {a: 1}"), ["E104"]),
        (node("environment_variables: {A: 1, B: true, C: }"), []),
        (node("limits: {timeout: '30'}, resources: {instance_count: '1'}"), []),
        (node("limits: {time_out: 30}"), ["E111"]),
        # Data and its modes
        (top("inputs: {d: {type: path, path: ./x}}"), ["E113"]),
        (top("inputs: {d: {type: uri_folder, path: ./x, mode: mount}}"), ["E113"]),
        (top("inputs: {d: {type: mltable, path: ./x, mode: eval_mount}}"), []),
        (top("inputs: {d: {type: uri_folder, path: ./x, mode: eval_mount}}"), ["E113"]),
        (top("inputs: {d: {type: uri_folder, path: ./x, optional: true}}"), ["E111"]),
        (node("inputs: {d: {path: ./x, mode: upload}}"), ["E113"]),
        (top("inputs: {d: {type: URI_Folder, path: ./x, mode: RO_MOUNT}}"), []),
        (node("outputs: {o: {mode: mount}}"), []),
        (node("outputs: {o: {mode: ro_mount}}"), ["E113"]),
        (top("outputs: {o: {type: string}}"), ["E113"]),
        (top("outputs: {o: {type: uri_file, early_available: true}}"), ["E111"]),
    ],
)
def test_jobs(project, text, codes):
    assert read(project, text)[1] == codes


E = "environment: {image: debian}\ncommand: echo\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (E, []),
        ("type: Command\n" + E, ["E112"]),
        ("version: 1.10\n" + E, []),
        ("inputs: {a: {type: path}}\noutputs: {b: {type: path}}\n" + E, []),
        ("inputs: {a: {type: uri_folder, mode: link}}\n" + E, []),
        ("inputs: {a: {type: integer, mode: download}}\n" + E, ["E111"]),
        ("inputs: {a: {type: uri_folder, enum: [x]}}\n" + E, ["E111"]),
        ("inputs: {a: {type: integer, enum: [1, 2]}}\n" + E, ["E104", "E104"]),
        ("inputs: {a: {type: integer, default: 1, description: 3}}\n" + E, ["E104"]),
        ("inputs: {a: {type: integer, optional: yes}}\n" + E, []),
        ("inputs: {a: {type: integer, optional: maybe}}\n" + E, ["E104"]),
        ("inputs: {a: {type: string, default: no}}\n" + E, ["W104"]),
        ("inputs: {a: {type: string, default: 2024-01-01}}\n" + E, ["E122"]),
        ("inputs: {a: {type: integer, default: '1_0'}}\n" + E, []),
        ("inputs: {a: {type: integer, default: _1}}\n" + E, ["E122"]),
        ("outputs: {a: {type: uri_folder, is_control: true}}\n" + E, ["E111"]),
        ("outputs: {a: {type: boolean, is_control: true, early_available: true}}\n" + E, []),
        ("inputs:\n" + E, ["E110"]),
        ("code: ./c.yml\n" + E, []),
        ("code: ..\n" + E, []),
        ("code: ./gone\n" + E, ["E101"]),
        ("resources: {instance_count: 1, foo: 1}\nlimits: {foo: 1}\ncompute:\n" + E, ["W102"]),
        ("distribution: {type: PyTorch, foo: 1}\n" + E, ["W102"]),
        ("author: me\n" + E, ["W102"]),
        ("environment: {image: debian, type: x}\ncommand: echo\n", ["E111"]),
        ("environment: {image: debian, conda_file: }\ncommand: echo\n", ["E110"]),
        ("environment: {image: debian, tags: [a]}\ncommand: echo\n", ["E104"]),
        ("environment: {image: debian, name: A-Name, version: 3}\ncommand: echo\n", []),
        ("environment: file:./env.yml\ncommand: echo\n", []),
        ("environment: ./env.yml\ncommand: echo\n", ["E122"]),
    ],
)
def test_components(project, text, codes):
    (project / "env.yml").write_text("name: Some-Env\nimage: debian\n")
    (project / "c.yml").write_text(f"name: c\n{text}")
    assert read(project, J)[1] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("name: c\n" + E, []),
        ("name: My-Comp\n" + E, ["E114"]),
        (E, ["E110"]),
        ("name: c\ntags: {a: 1}\n" + E, ["E104"]),
        ("name: c\nversion:\n" + E, ["E110"]),
    ],
)
def test_components_that_are_loaded_by_themselves(project, text, codes):
    (project / "c.yml").write_text(text)
    bag = Bag()
    load_component_file(project / "c.yml", bag, anonymous=False)
    assert [item.code for item in bag.sorted()] == codes
