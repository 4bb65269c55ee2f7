"""A bundle that carries the author's files runs from its own folder, without the source beside it."""

import sys

import pytest
from tests.support.bundles import mlc, write_files

from mlc.ir.image import UvInstall

PIPELINE = """\
type: pipeline
jobs:
  show:
    command: "true"
    environment:
      image: python:{version}
      conda_file: {{dependencies: [python={version}, {{pip: [./ours]}}]}}
"""


@pytest.mark.parametrize("executable", [True, False])
def test_the_plan_of_a_bundle_knows_the_files_that_it_carries(tmp_path, executable):
    from mlc.cli.bundles import read_plan

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    texts = {"p.yml": PIPELINE.format(version=version), "ours/pyproject.toml": "", "ours/ours.py": "x = 1\n"}
    source = write_files(tmp_path / "source", texts)
    (source / "ours" / "ours.py").chmod(0o755 if executable else 0o644)
    done = mlc("build", "p.yml", "--no-images", "--no-lock", cwd=source)
    assert done.returncode == 0, done.stderr
    (image,) = read_plan(source / "out" / "p").images
    assert isinstance(image.recipe, UvInstall)
    found = {path.rpartition("/")[2]: file for path, file in image.recipe.local}
    assert sorted(found) == ["ours.py", "pyproject.toml"]
    assert found["ours.py"].read() == b"x = 1\n"
    assert found["ours.py"].executable == executable
