"""YAML as it is found in repositories: what the reference makes of it, mlc makes of it, or says why not."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
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
    (tmp_path / "c.yml").write_text(C)
    return tmp_path


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
