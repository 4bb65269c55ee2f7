"""Conda files with conda packages are installed by micromamba: here by a stand-in that notes what was asked."""

import pytest
import yaml
from tests.support.bundles import steps_run, write_files
from tests.support.standins import OPENMPI

pytestmark = pytest.mark.engine

PIPELINE = """\
type: pipeline
jobs:
  look:
    command: >-
      python -c "import sys; print(sys.prefix)" > ${{outputs.out}}/prefix.txt
      && cp "$CONDA_PREFIX/conda-meta/asked.yaml" ${{outputs.out}}/
    outputs: {out: {type: uri_folder}}
    environment: {image: %s, conda_file: ./conda.yaml}
"""

CONDA = """\
name: with-blas
channels: [conda-forge]
dependencies:
  - python=%s
  - numpy=1.26
  - pip
  - pip: [tomli==2.0.1]
"""


def project(folder, python):
    return write_files(folder, {"look.yml": PIPELINE % OPENMPI, "conda.yaml": CONDA % python}) / "look.yml"


def test_the_stand_in_for_micromamba_is_given_the_conda_file_and_its_environment_is_used(tmp_path, compiled):
    bundle = compiled(project(tmp_path / "project", "3.11"))
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    assert steps_run(done.stdout) == ["look"]
    out = bundle.copy("look", "out", tmp_path / "copy")
    assert (out / "prefix.txt").read_text() == "/opt/mlc/env\n"
    asked = yaml.safe_load((out / "asked.yaml").read_text())
    assert asked["channels"] == ["conda-forge"]
    assert "numpy=1.26" in asked["dependencies"]
    assert {"pip": ["tomli==2.0.1"]} in asked["dependencies"]


def test_a_python_that_cannot_be_had_fails_the_build_with_words(tmp_path, compiled):
    bundle = compiled(project(tmp_path / "project", "3.7"))
    done = bundle.up()
    assert done.returncode != 0
    assert "nothing provides python 3.7" in done.stdout
    assert "mlc: " in done.stdout
