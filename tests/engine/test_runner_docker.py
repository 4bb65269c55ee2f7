"""The runner and the image cache on a real engine, with small shell steps on a stand-in for busybox."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import without_engine
from tests.support.standins import BUSYBOX
from tests.unit.runner.plans import CODE, Told, plan, step

from mlc.backends import EmitOptions
from mlc.backends.docker import emit
from mlc.diagnostics import MlcError
from mlc.files import write_tree
from mlc.images import Silence, State, build, explain, missing
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import Plan, PlanOutput, Reservation
from mlc.runner import fetch_outputs, metrics, run
from mlc.runner.gpu import Gpus
from mlc.runner.options import EngineChoice, GpuChoice, RunOptions

pytestmark = pytest.mark.engine

OPTIONS = RunOptions(engine=EngineChoice.DOCKER)


@pytest.fixture
def name(tmp_path):
    return f"runner-{os.getpid()}-{abs(hash(str(tmp_path))) % 10**6}"


@pytest.fixture
def made(engine, name, monkeypatch, tmp_path):
    """Writes plans as bundles for the engine, and leaves nothing of them there."""
    for variable in ("DOCKER_HOST", "DOCKER_CONFIG", "PATH"):
        monkeypatch.setenv(variable, engine.variables().get(variable, ""))
    if not engine.environment.get("DOCKER_HOST"):
        monkeypatch.delenv("DOCKER_HOST")
    image = Image(
        name="env", recipe=UseImage(base=BUSYBOX), components=("code",), key="e" * 64, reference=f"mlc/{name}:1"
    )
    bundle = tmp_path / "bundle"

    def make(*tasks, **more) -> tuple[Plan, Path]:
        made = replace(plan(*tasks, images=(image,), components=(CODE,)), name=name, **more)
        write_tree(emit(made, EmitOptions()), bundle)
        return made, bundle

    yield make
    engine.docker("compose", "--project-directory", str(bundle), "down", "--volumes", check=False)
    for left in engine.docker("ps", "-aq", "--filter", f"label=mlc.pipeline={name}").stdout.split():
        engine.docker("rm", "-f", left)
    for left in engine.docker("volume", "ls", "-q", "--filter", f"name={name}_").stdout.split():
        engine.docker("volume", "rm", left, check=False)
    engine.docker("rmi", "-f", image.reference, check=False)


CHAIN = (
    step("prep", "cat hello.txt > {>out}/x; id -u > {>out}/uid"),
    step("train", "cat {from_prep}/x > {>out}/y; echo trained >> {>out}/y", "prep"),
)


def states(record):
    return {step.task: str(step.state) for step in record.steps}


def containers(engine, name):
    return engine.docker("ps", "-a", "--filter", f"label=mlc.pipeline={name}", "--format", "{{.Names}}").stdout.split()


def test_a_run_then_a_second_run_then_compose(made, engine, name, tmp_path):
    pipeline, bundle = made(*CHAIN, outputs=(PlanOutput(name="model", task="train", output="out"),))
    told = Told()
    record = run(pipeline, bundle, OPTIONS, told)
    assert states(record) == {"prep": "succeeded", "train": "succeeded"}, told.lines
    assert told.ends["env"] is State.SUCCEEDED
    assert containers(engine, name) == []
    assert states(run(pipeline, bundle, OPTIONS, Told())) == {"prep": "reused", "train": "reused"}

    up = engine.docker("compose", "--project-directory", str(bundle), "up", check=False)
    assert up.returncode == 0, up.stdout + up.stderr
    assert "mlc: prep: skipped" in up.stdout
    assert "mlc: train: skipped" in up.stdout
    assert "runs:" not in up.stdout
    for word in ("already exists", "WARN", "warning"):
        assert word not in up.stdout + up.stderr

    ((place, copied),) = fetch_outputs(pipeline, bundle, tmp_path / "copy", ["model"])
    assert place.name == "model"
    assert (copied / "y").read_text() == "hello\ntrained\n"


def test_a_failing_step_and_its_container(made, engine, name):
    pipeline, bundle = made(step("bad", "echo oh; exit 3"), step("next", "true", "bad"))
    record = run(pipeline, bundle, OPTIONS, Told())
    assert states(record) == {"bad": "failed", "next": "skipped"}
    assert (record.step("bad").exit_code, record.exit_code) == (3, 1)
    assert containers(engine, name) == []

    told = Told()
    run(pipeline, bundle, replace(OPTIONS, keep_failed=True), told)
    (kept,) = containers(engine, name)
    assert any(kept in message for message in told.messages)
    run(pipeline, bundle, OPTIONS, Told())
    assert containers(engine, name) == []


def test_ctrl_c_stops_the_containers(made, engine, name):
    pipeline, bundle = made(step("a", "echo up; sleep 1000"), step("b", "true", "a"))
    record = run(pipeline, bundle, OPTIONS, Told(up=lambda: os.kill(os.getpid(), signal.SIGINT)))
    assert record.exit_code == 130
    assert states(record) == {"a": "cancelled", "b": "cancelled"}
    assert containers(engine, name) == []


def test_a_reservation_reaches_the_container(made, engine):
    refused = engine.docker("run", "--rm", "--gpus", "device=0", BUSYBOX, "true", check=False)
    if refused.returncode:
        without_engine(f"this engine was started without NVIDIA's hook, and is not ours to restart: {refused.stderr}")
    devices = 'echo "devices=$NVIDIA_VISIBLE_DEVICES"'
    pipeline, bundle = made(
        step("named", devices, reservation=Reservation(device_ids=("0", "2"), gpus=2)),
        step("plain", devices),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mlc.runner.gpu.find_gpus", lambda _: Gpus(names=("GPU",)))
        told = Told()
        record = run(pipeline, bundle, replace(OPTIONS, gpu=GpuChoice.ON), told)
    assert record.exit_code == 0, told.lines
    assert ("named", "devices=0,2") in told.lines
    assert ("plain", "devices=") in told.lines


def test_limits_reach_the_container(made):
    limits = Reservation(cpus=1, memory="64m", shm_size="32m")
    look = "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; df -k /dev/shm"
    pipeline, bundle = made(step("a", look, reservation=limits))
    told = Told()
    assert run(pipeline, bundle, OPTIONS, told).exit_code == 0, told.lines
    text = "\n".join(line for _, line in told.lines)
    assert str(64 * 2**20) in text
    assert "32768" in text


def test_what_the_engine_refuses_is_a_diagnostic(made):
    pipeline, bundle = made(step("a", "true", reservation=Reservation(cpus=100000)))
    told = Told()
    record = run(pipeline, bundle, OPTIONS, told)
    assert states(record) == {"a": "failed"}
    assert told.codes == ["E660"]
    assert "Lower `cpus`" in told.items[0].text


def test_metrics_come_out_of_the_volume(made):
    write = (
        'cd "${MLFLOW_TRACKING_URI#file://}"; mkdir -p 1/abc/metrics 1/abc/tags; cd 1/abc; '
        "echo 'start_time: 5' > meta.yaml; printf train > tags/mlflow.runName; echo '5 0.75 0' > metrics/acc"
    )
    pipeline, bundle = made(step("train", write))
    assert metrics(pipeline, bundle) == ()
    told = Told()
    assert run(pipeline, bundle, OPTIONS, told).exit_code == 0, told.lines
    (found,) = metrics(pipeline, bundle)
    assert (found.name, found.last) == ("train", {"acc": 0.75})


def test_a_build_that_fails_says_why_and_leaves_no_image(made):
    pipeline, bundle = made(step("a", "true"))
    dockerfile = bundle / "environments" / "env" / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("USER 0:0\n", "USER 0:0\nRUN echo the reason; exit 9\n", 1))
    told = Told()
    with pytest.raises(MlcError) as error:
        build(pipeline, bundle, told)
    assert error.value.diagnostic.code == "E651"
    assert any("the reason" in message for message in told.messages)
    assert missing(pipeline) == pipeline.images
    assert explain(pipeline, pipeline.images[0], bundle, present=False).because == ("never built here",)


def test_a_base_image_that_cannot_be_had_is_named(made):
    pipeline, bundle = made(step("a", "true"))
    dockerfile = bundle / "environments" / "env" / "Dockerfile"
    dockerfile.write_text("FROM localhost:1/corp/base:7\n")
    with pytest.raises(MlcError) as error:
        build(pipeline, bundle, Silence())
    assert "he image localhost:1/corp/base:7 could not be pulled" in error.value.diagnostic.text


def test_two_builds_at_once_build_once(made):
    pipeline, bundle = made(step("a", "true"))
    results: list[State] = []

    def body():
        results.extend(result.state for result in build(pipeline, bundle, Silence()))

    threads = [threading.Thread(target=body) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(results) == [State.REUSED, State.SUCCEEDED]
