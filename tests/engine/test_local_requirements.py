"""A local package, a folder of wheels and constraints become part of an image, with and without a lock."""

import json

import pytest
from tests.support.bundles import mlc, write_files
from tests.support.local_package import FILES
from tests.support.standins import OPENMPI
from tests.support.wheels import wheel

pytestmark = pytest.mark.engine

PIPELINE = """\
type: pipeline
jobs:
  show:
    type: command
    command: python -c "import ours; print('tiny is', ours.said)"
    environment: {environment}
"""
LINES = "--find-links ../wheels\n-c limits.txt\n-e ./ours\n"


def test_what_lies_beside_the_source_is_installed_in_the_image(tmp_path, engine):
    conda = {"dependencies": ["python=3.11", {"pip": ["--no-index", "-r libs/list.txt"]}]}
    pipeline = PIPELINE.format(environment=json.dumps({"image": OPENMPI, "conda_file": conda}))
    texts = {"local.yml": pipeline, "libs/list.txt": LINES, "libs/limits.txt": "tiny<2\n"}
    source = write_files(tmp_path / "local", texts | {f"libs/ours/{path}": text for path, text in FILES.items()})
    (source / "wheels").mkdir()
    for made in (wheel("tiny", "1.0"), wheel("tiny", "2.0")):
        (source / "wheels" / made.file_name).write_bytes(made.content)
    for lock in (("--no-lock",), ()):
        if not lock:
            assert mlc("lock", "local.yml", cwd=source, engine=engine, MLC_NO_LOCK="").returncode == 0
        built = mlc("build", "local.yml", *lock, cwd=source, engine=engine, MLC_NO_LOCK="")
        assert built.returncode == 0, built.stdout + built.stderr
        ran = mlc("run", "out/local", cwd=source, engine=engine)
        assert "tiny is 1.0" in ran.stdout + ran.stderr
    for left in engine.docker("images", "-q", "mlc/local-show").stdout.split():
        engine.docker("rmi", "-f", left, check=False)
