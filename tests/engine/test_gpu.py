"""GPU reservations reach the container, and one bundle serves machines without a GPU, too.

No GPU is needed: a daemon that finds NVIDIA's hook when it starts tells the container which devices it reserved.
"""

import pytest
from tests.conftest import without_engine
from tests.support.bundles import write_files
from tests.support.standins import BUSYBOX

pytestmark = pytest.mark.engine

STEP = f"""\
    command: echo "devices=$NVIDIA_VISIBLE_DEVICES"
    environment: {{image: {BUSYBOX}}}
"""
PIPELINE = f"""\
type: pipeline
settings: {{default_compute: azureml:cpu-cluster}}
jobs:
  plain:
{STEP}
  some_gpu:
{STEP}    compute: azureml:gpu-cluster
  two_named:
{STEP}    compute: azureml:workstation
  whole:
{STEP}    compute: azureml:everything
"""
CONFIG = """\
[computes.workstation]
device_ids = ["0", "2"]

[computes.everything]
gpus = "all"
"""


@pytest.fixture
def project(tmp_path, engine):
    refused = engine.docker("run", "--rm", "--gpus", "device=0", BUSYBOX, "true", check=False)
    if refused.returncode:
        without_engine(f"this engine was started without NVIDIA's hook, and is not ours to restart: {refused.stderr}")
    return write_files(tmp_path / "project", {"gpus.yml": PIPELINE, "mlc.toml": CONFIG})


def seen(output):
    """What each step saw of devices."""
    lines = (line.partition("|") for line in output.splitlines() if "devices=" in line and "|" in line)
    return {name.strip().removesuffix("-1"): text.strip().partition("devices=")[2] for name, _, text in lines}


def test_reserved_devices_are_seen_in_the_container(project, compiled):
    done = compiled(project / "gpus.yml").up()
    assert done.returncode == 0, done.stdout
    assert seen(done.stdout) == {"plain": "", "some_gpu": "0", "two_named": "0,2", "whole": "all"}


def test_with_gpu_off_a_plain_up_reserves_nothing(project, compiled):
    done = compiled(project / "gpus.yml", "--gpu", "off").up()
    assert done.returncode == 0, done.stdout
    assert set(seen(done.stdout).values()) == {""}


def test_the_overlay_can_be_chosen_when_starting(project, compiled):
    bundle = compiled(project / "gpus.yml")
    done = bundle.up(COMPOSE_FILE="compose.yaml:compose.cpu.yaml")
    assert done.returncode == 0, done.stdout
    assert set(seen(done.stdout).values()) == {""}
