""".env: defaults that can be edited, and the switch for machines without a GPU."""

from dataclasses import replace

import pytest
from tests.unit.backends.plans import FASHION, PREP

from mlc.backends.docker.dotenv import env_file
from mlc.ir.plan import PlanInput
from mlc.ir.types import PortType


def settings(text):
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_inputs_and_user():
    assert settings(env_file(FASHION, gpu=True)) == {
        "INPUT_PIPELINE_INPUT_DATA": "../../data",
        "INPUT_EPOCHS": "10",
        "MLC_UID": "1000",
        "MLC_GID": "1000",
        "MLC_NETWORK": "",
    }


def test_without_gpu_a_plain_up_takes_the_overlay():
    found = settings(env_file(FASHION, gpu=False))
    assert found["COMPOSE_FILE"] == "compose.yaml:compose.cpu.yaml"
    assert found["COMPOSE_PATH_SEPARATOR"] == ":"


def test_no_overlay_where_no_step_asks_for_a_gpu():
    assert "COMPOSE_FILE" not in env_file(replace(FASHION, tasks=(PREP,)), gpu=False)


@pytest.mark.parametrize(
    ("value", "written"),
    [("data/x", "./data/x"), ("~x", "'./~x'"), ("../a b", "'../a b'"), ("/abs", "/abs"), ("D:/x", "D:/x"), (None, "")],
)
def test_paths_of_data_are_paths_for_compose(value, written):
    given = PlanInput(name="d", variable="INPUT_D", type=PortType.URI_FOLDER, value=value)
    assert settings(env_file(replace(FASHION, inputs=(given,)), gpu=True))["INPUT_D"] == written


def test_a_value_is_not_a_path():
    given = PlanInput(name="d", variable="INPUT_D", type=PortType.STRING, value="~x")
    assert settings(env_file(replace(FASHION, inputs=(given,)), gpu=True))["INPUT_D"] == "'~x'"


def test_descriptions_cannot_set_anything():
    given = replace(FASHION.inputs[1], description="first\nMLC_UID=0")
    assert settings(env_file(replace(FASHION, inputs=(given,)), gpu=True))["MLC_UID"] == "1000"
