"""compose.yaml: what a plan becomes, read back with a real YAML parser."""

from dataclasses import replace

import pytest
import yaml
from tests.unit.backends.plans import FASHION, PREP, SCORE, TRAIN, folder_output

from mlc.backends.docker.compose import compose_file, cpu_overlay
from mlc.ir.plan import (
    Constant,
    DataSource,
    InputValue,
    PlanInput,
    Reservation,
    Task,
    TaskInput,
    TaskValue,
    ValueSource,
)
from mlc.ir.template import Text
from mlc.ir.types import PortType

DONE = {"condition": "service_completed_successfully"}


def services(plan):
    return yaml.safe_load(compose_file(plan))["services"]


def with_tasks(*tasks: Task):
    return replace(FASHION, tasks=tasks, outputs=())


def test_one_service_per_image_builds_it():
    found = {name: service["build"] for name, service in services(FASHION).items() if "build" in service}
    assert found == {
        "build-keras": {"context": ".", "dockerfile": "environments/keras/Dockerfile", "secrets": ["mlc-network"]},
        "build-prep": {"context": ".", "dockerfile": "environments/prep/Dockerfile", "secrets": ["mlc-network"]},
    }
    assert services(FASHION)["build-prep"]["image"] == services(FASHION)["prep"]["image"] == FASHION.images[1].reference


def test_steps_wait_for_their_image_and_their_producers():
    found = services(FASHION)
    assert found["prep"]["depends_on"] == {"build-prep": DONE}
    assert found["score"]["depends_on"] == {"build-keras": DONE, "prep": DONE, "train": DONE}


def test_every_service_is_of_the_plans_platform():
    found = services(replace(FASHION, platform="linux/arm64", continue_on_step_failure=True))
    assert {name: service["platform"] for name, service in found.items()} == dict.fromkeys(found, "linux/arm64")
    assert len(found) == 7


def test_steps_never_pull_and_need_no_privilege():
    for name in ("prep", "train", "score"):
        step = services(FASHION)[name]
        assert step["pull_policy"] == "never"
        assert step["cap_drop"] == ["ALL"]
        assert step["security_opt"] == ["no-new-privileges:true"]
        assert step["entrypoint"] == ["/bin/sh", "/mlc/runtime/launch.sh"]
        assert step["user"].startswith("${MLC_UID?")
        assert step["restart"] == "no"


def test_the_sink_waits_for_every_leaf_and_only_for_leaves():
    side = replace(PREP, name="side", outputs=(folder_output("side", "x"),))
    found = services(with_tasks(PREP, TRAIN, SCORE, side))
    assert found["pipeline-done"]["depends_on"] == {"score": DONE, "side": DONE}
    assert found["pipeline-done"]["pull_policy"] == "never"


def test_a_pipeline_that_goes_on_fails_in_a_service_of_its_own():
    found = services(replace(FASHION, continue_on_step_failure=True))
    assert found["pipeline-done"]["depends_on"] == {"pipeline-check": DONE}
    check = found["pipeline-check"]
    assert check["depends_on"] == {"score": DONE}
    assert check["entrypoint"] == ["/bin/sh", "/mlc/runtime/check.sh"]
    assert check["environment"] == {"MLC_STEPS": "prep train score"}
    assert [volume["target"] for volume in check["volumes"]] == ["/mlc/state"]
    assert {name: found[name]["environment"].get("MLC_AFTER") for name in ("prep", "train", "score")} == {
        "prep": None,
        "train": "prep",
        "score": "prep train",
    }
    assert all(found[name]["environment"]["MLC_GO_ON"] == "1" for name in ("prep", "train", "score"))
    assert "pipeline-check" not in services(FASHION)


def test_a_last_step_starts_however_the_others_ended():
    last = replace(PREP, name="last", outputs=(), after=("score",), always=True)
    more = replace(last, name="more", after=("last",))
    found = services(with_tasks(PREP, TRAIN, SCORE, last, more))
    assert found["last"]["depends_on"] == {"build-prep": DONE, "score": DONE}
    assert found["pipeline-check"]["depends_on"] == {"more": DONE}
    variables = {name: found[name]["environment"] for name in ("score", "last", "more")}
    assert {name: value.get("MLC_AFTER") for name, value in variables.items()} == {
        "score": "prep train",
        "last": None,
        "more": "last",
    }
    assert {value["MLC_GO_ON"] for value in variables.values()} == {"1"}
    assert {name: value.get("MLC_ENDED") for name, value in variables.items()} == {
        "score": None,
        "last": "prep train score",
        "more": "prep train score",
    }


def test_volumes_are_read_write_for_the_producer_only():
    found = services(FASHION)
    produced = {"type": "volume", "source": "prep-training_data", "target": "/mlc/outputs/training_data"}
    assert produced in found["prep"]["volumes"]
    taken = {"type": "volume", "source": "prep-training_data", "target": "/mlc/inputs/input_data", "read_only": True}
    assert taken in found["train"]["volumes"]


def test_every_volume_is_declared_once():
    assert yaml.safe_load(compose_file(FASHION))["volumes"] == dict.fromkeys(
        ["prep-training_data", "prep-test_data", "train-output_model", "score-output_result", "mlc-state", "mlc-mlflow"]
    )


def test_every_step_has_state_and_mlflow():
    for name in ("prep", "train", "score"):
        assert {("mlc-state", "/mlc/state"), ("mlc-mlflow", "/mlc/mlflow")} <= {
            (mount["source"], mount["target"]) for mount in services(FASHION)[name]["volumes"]
        }


def test_data_is_a_read_only_bind_that_is_never_created():
    assert services(FASHION)["prep"]["volumes"][0] == {
        "type": "bind",
        "source": "${INPUT_PIPELINE_INPUT_DATA}",
        "target": "/mlc/inputs/input_data",
        "read_only": True,
        "bind": {"create_host_path": False},
    }


def test_one_file_is_mounted_under_its_name():
    given = PlanInput(name="f", variable="INPUT_F", type=PortType.URI_FILE, value="x/a b$.csv", file_name="a b$.csv")
    task = replace(PREP, inputs=(TaskInput(name="f", type=PortType.URI_FILE, source=DataSource(input="f")),))
    mount = services(replace(with_tasks(task), inputs=(given,)))["prep"]["volumes"][0]
    assert mount["target"] == "/mlc/inputs/f/a b$$.csv"


def test_optional_data_has_something_to_mount_in_its_absence():
    given = replace(FASHION.inputs[0], optional=True, value=None)
    mount = services(replace(with_tasks(PREP), inputs=(given,)))["prep"]["volumes"][0]
    assert mount["source"] == "${INPUT_PIPELINE_INPUT_DATA:-./runtime/nothing}"


def test_values_of_other_steps_are_mounted():
    source = ValueSource(parts=(Constant(text="x"), TaskValue(task="prep", output="training_data")))
    task = replace(TRAIN, inputs=(TaskInput(name="n", type=PortType.STRING, source=source),))
    assert {
        "type": "volume",
        "source": "prep-training_data",
        "target": "/mlc/values/prep-training_data",
        "read_only": True,
    } in services(with_tasks(PREP, task))["train"]["volumes"]


def test_inputs_are_variables_and_text_is_not():
    found = services(FASHION)["train"]["environment"]
    assert found["MLC_INPUT_epochs"] == "${INPUT_EPOCHS}"
    assert found["GREETING"] == "it's $$5 #1"
    assert "$$HOME $${MODEL_NAME}" in found["MLC_COMMAND"]


def test_a_value_may_mix_text_and_variables():
    source = ValueSource(parts=(Constant(text="a$"), InputValue(input="epochs"), Constant(text=": b")))
    task = replace(TRAIN, inputs=(TaskInput(name="n", type=PortType.STRING, source=source),))
    found = services(with_tasks(PREP, task))["train"]["environment"]
    assert found["MLC_INPUT_n"] == "a$$${INPUT_EPOCHS}: b"


def test_what_all_steps_have_alike_stands_once():
    assert compose_file(FASHION).count("MLFLOW_EXPERIMENT_NAME") == 1
    for name in ("prep", "train", "score"):
        assert services(FASHION)[name]["environment"]["MLFLOW_EXPERIMENT_NAME"] == "fashion"
    alone = services(with_tasks(PREP))["prep"]["environment"]
    assert alone["MLFLOW_EXPERIMENT_NAME"] == "fashion"


def test_reservations_and_limits():
    step = services(FASHION)["train"]
    assert step["shm_size"] == "2g"
    assert step["deploy"]["resources"] == {
        "limits": {"cpus": "4", "memory": "8g"},
        "reservations": {"devices": [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]},
    }
    assert "deploy" not in services(FASHION)["prep"]


@pytest.mark.parametrize(
    ("asked", "device"),
    [
        (Reservation(gpus=-1), {"count": "all"}),
        (Reservation(gpus=4), {"count": 4}),
        (Reservation(gpus=1, device_ids=("0", "GPU-3faa")), {"device_ids": ["0", "GPU-3faa"]}),
    ],
)
def test_devices(asked, device):
    found = services(with_tasks(replace(PREP, reservation=asked)))["prep"]["deploy"]["resources"]
    assert found == {"reservations": {"devices": [{"driver": "nvidia", "capabilities": ["gpu"]} | device]}}


def test_limits_without_devices():
    found = services(with_tasks(replace(PREP, reservation=Reservation(cpus=0.5))))["prep"]["deploy"]["resources"]
    assert found == {"limits": {"cpus": "0.5"}}


def test_the_overlay_resets_what_reserves_devices_and_nothing_else():
    text = cpu_overlay(FASHION)

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!reset", lambda loader, node: "reset")
    assert yaml.load(text, Loader) == {
        "services": {"train": {"deploy": {"resources": {"reservations": {"devices": "reset"}}}}}
    }


@pytest.mark.parametrize("name", ["yes", "null", "on", "true", "y"])
def test_names_that_yaml_would_read_as_something_else(name):
    task = replace(PREP, name=name, component=name)
    assert name in services(with_tasks(task))


def test_texts_of_the_author_cannot_break_out():
    task = replace(
        PREP, display_name="a\nb: c # d", command=(Text(text="x: [\n${Y}"),), environment=(("A", "${HOME}\n- x"),)
    )
    plan = replace(with_tasks(task), display_name="t\nname: other", source="a\nb.py")
    document = yaml.safe_load(compose_file(plan))
    assert document["name"] == "fashion_mnist"
    assert set(document) == {"name", "x-step", "x-volumes", "services", "volumes", "secrets"}
    assert document["services"]["prep"]["environment"]["A"] == "$${HOME}\n- x"


def test_no_line_is_longer_than_its_content_needs():
    assert max(len(line) for line in compose_file(FASHION).splitlines()) <= 120


def test_an_image_with_a_digest_is_pulled_and_the_others_are_built():
    digest = "sha256:" + "5" * 64
    images = tuple(replace(found, digest=digest) if found.name == "prep" else found for found in FASHION.images)
    found = services(replace(FASHION, images=images))
    assert found["build-prep"]["image"] == f"mlc/fashion_mnist-prep@{digest}"
    assert "build" not in found["build-prep"]
    assert "pull_policy" not in found["build-prep"]
    assert found["prep"]["image"] == f"mlc/fashion_mnist-prep@{digest}"
    assert found["build-keras"]["build"]["dockerfile"] == "environments/keras/Dockerfile"
    assert found["train"]["image"] == "mlc/fashion_mnist-keras:0123456789ab-cdef01234567"
