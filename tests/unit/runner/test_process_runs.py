"""Whole runs on the process engine: small shell steps under the real launcher."""

import os
import signal
import sys
from dataclasses import replace

import pytest

from mlc.diagnostics import MlcError
from mlc.images.cache import try_locked
from mlc.images.report import State
from mlc.ir.image import BuildDockerfile, MambaInstall, UseImage
from mlc.ir.plan import PlanOutput, Reservation
from mlc.ir.template import InputRef, Quoting, Text
from mlc.ir.types import PortType
from mlc.runner import list_runs, outputs, run
from mlc.runner.options import EngineChoice, GpuChoice, RunOptions
from mlc.runner.process_engine import output_folder
from mlc.runner.results import fetch_outputs

from .plans import EPOCHS, IMAGE, OF_EPOCHS, OF_RAW, RAW, Told, plan, step, with_input, write

OPTIONS = RunOptions(engine=EngineChoice.PROCESS)
CHAIN = plan(
    step("prep", "cat hello.txt > {>out}/x"),
    step("train", "cat {from_prep}/x > {>out}/y; echo trained >> {>out}/y", "prep"),
    step("score", "cat {from_train}/y; cp {from_train}/y {>out}/z", "train"),
    outputs=(PlanOutput(name="model", task="train", output="out"),),
)


@pytest.fixture
def bundle(tmp_path):
    return tmp_path / "out" / "p"


def go(pipeline, bundle, told=None, **options):
    told = told or Told()
    record = run(pipeline, write(pipeline, bundle), replace(OPTIONS, **options), told)
    return record, told


def states(record):
    return {step.task: str(step.state) for step in record.steps}


def test_a_chain_runs_and_hands_on_its_data(bundle):
    record, told = go(CHAIN, bundle)
    assert states(record) == {"prep": "succeeded", "train": "succeeded", "score": "succeeded"}
    assert record.exit_code == 0
    assert (output_folder(bundle, "score", "out") / "z").read_text() == "hello\ntrained\n"
    assert ("score", "trained") in told.lines
    assert (record.folder / "score.log").read_text().splitlines()[1:3] == ["hello", "trained"]
    assert told.codes == ["W651"]
    assert list_runs(bundle) == (record,)


def test_a_second_run_reuses_everything_and_a_moved_bundle_too(bundle, tmp_path):
    go(CHAIN, bundle)
    assert set(states(go(CHAIN, bundle)[0]).values()) == {"reused"}
    bundle.rename(tmp_path / "elsewhere")
    assert set(states(go(CHAIN, tmp_path / "elsewhere")[0]).values()) == {"reused"}


def test_a_forced_run_runs_everything_and_the_next_one_nothing(bundle):
    go(CHAIN, bundle)
    assert set(states(go(CHAIN, bundle, force=True)[0]).values()) == {"succeeded"}
    assert set(states(go(CHAIN, bundle)[0]).values()) == {"reused"}


def test_an_input_changes_what_depends_on_it_only(bundle):
    pipeline = plan(
        step("prep", "echo 1 > {>out}/x"),
        with_input(step("train", "echo {epochs} > {>out}/x", "prep"), "epochs", PortType.INTEGER, OF_EPOCHS),
        inputs=(EPOCHS,),
    )
    record, _ = go(pipeline, bundle)
    assert record.inputs == {"epochs": "10"}
    record, _ = go(pipeline, bundle, inputs={"epochs": "3"})
    assert states(record) == {"prep": "reused", "train": "succeeded"}
    assert (output_folder(bundle, "train", "out") / "x").read_text() == "3\n"


def test_a_value_is_data_and_never_evaluated(bundle, tmp_path):
    given = replace(EPOCHS, type=PortType.STRING)
    told = step("a", "printf '<%s>' {epochs} > {>out}/x")
    pipeline = plan(with_input(told, "epochs", PortType.STRING, OF_EPOCHS), inputs=(given,))
    record, _ = go(pipeline, bundle, inputs={"epochs": f"$(touch {tmp_path}/pwned) ; $HOME é"})
    assert record.exit_code == 0
    assert (output_folder(bundle, "a", "out") / "x").read_text() == f"<$(touch><{tmp_path}/pwned)><;><$HOME><é>"


def test_local_data_is_seen_read_only_from_where_it_lies(bundle, tmp_path):
    data = tmp_path / "out" / "data"
    data.mkdir(parents=True)
    (data / "a b.txt").write_text("raw\n")
    pipeline = plan(with_input(step("a", "cat {raw}/* > {>out}/x"), "raw", PortType.URI_FOLDER, OF_RAW), inputs=(RAW,))
    assert states(go(pipeline, bundle)[0]) == {"a": "succeeded"}
    assert states(go(pipeline, bundle)[0]) == {"a": "reused"}
    (data / "a b.txt").write_text("other\n")
    assert states(go(pipeline, bundle)[0]) == {"a": "succeeded"}
    assert (output_folder(bundle, "a", "out") / "x").read_text() == "other\n"


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_failing_step_in_each_position(bundle, position):
    names = ("prep", "train", "score")
    bad = CHAIN.task(names[position])
    tasks = tuple(replace(task, command=step("x", "exit 7").command) if task is bad else task for task in CHAIN.tasks)
    record, told = go(replace(CHAIN, tasks=tasks), bundle)
    assert record.exit_code == 1
    assert record.step(bad.name).exit_code == 7
    assert list(states(record).values()) == ["succeeded"] * position + ["failed"] + ["skipped"] * (2 - position)
    assert set(told.ends) >= set(names)
    assert all(step.reason for step in record.steps[position:])


def test_after_a_repair_only_what_is_missing_runs(bundle):
    broken = replace(CHAIN.task("train"), command=step("x", "exit 7").command, key="0" * 64)
    go(replace(CHAIN, tasks=(CHAIN.tasks[0], broken, CHAIN.tasks[2])), bundle)
    assert states(go(CHAIN, bundle)[0]) == {"prep": "reused", "train": "succeeded", "score": "succeeded"}


@pytest.mark.parametrize("going", [True, False])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_last_step_runs_whatever_became_of_the_others(bundle, position, going):
    last = step("last", "echo cleaned", always=True, after=("score",))
    tasks = [
        replace(task, command=step("x", "exit 7").command) if number == position else task
        for number, task in enumerate(CHAIN.tasks)
    ]
    record, told = go(replace(CHAIN, tasks=(*tasks, last)), bundle, continue_on_step_failure=going)
    assert record.exit_code == 1
    middle = ["succeeded"] * position + ["failed"] + ["skipped"] * (2 - position)
    assert list(states(record).values()) == [*middle, "succeeded"]
    assert ("last", "cleaned") in told.lines
    again, _ = go(replace(CHAIN, tasks=(*tasks, last)), bundle)
    assert list(states(again).values()) == ["reused"] * position + middle[position:] + ["succeeded"]


def test_a_last_step_is_reused_only_where_all_others_are(bundle):
    last = step("last", "echo cleaned", always=True, after=("score",))
    pipeline = replace(CHAIN, tasks=(*CHAIN.tasks, last))
    broken = replace(CHAIN.task("prep"), command=step("x", "exit 7").command, key="0" * 64)
    assert set(states(go(pipeline, bundle)[0]).values()) == {"succeeded"}
    assert set(states(go(pipeline, bundle)[0]).values()) == {"reused"}
    failing = replace(pipeline, tasks=(broken, *pipeline.tasks[1:]))
    assert states(go(failing, bundle)[0])["last"] == "succeeded"
    assert states(go(pipeline, bundle)[0]) == {
        "prep": "succeeded",
        "train": "reused",
        "score": "reused",
        "last": "succeeded",
    }
    assert set(states(go(pipeline, bundle)[0]).values()) == {"reused"}


def test_a_last_step_is_run_anew_after_a_step_that_could_not_even_start(bundle):
    told = with_input(step("told", "x"), "text", PortType.STRING, OF_EPOCHS)
    command = (Text(text="echo "), InputRef(name="text", quoting=Quoting.PLAIN))
    last = step("last", "echo cleaned", always=True, after=("told",))
    given = replace(EPOCHS, type=PortType.STRING)
    pipeline = plan(replace(told, command=command), last, inputs=(given,))
    assert states(go(pipeline, bundle)[0]) == {"told": "succeeded", "last": "succeeded"}
    assert states(go(pipeline, bundle, inputs={"epochs": "a; b"})[0]) == {"told": "failed", "last": "succeeded"}
    assert states(go(pipeline, bundle)[0]) == {"told": "reused", "last": "succeeded"}
    assert states(go(pipeline, bundle)[0]) == {"told": "reused", "last": "reused"}


def test_a_last_step_that_fails(bundle):
    record, _ = go(replace(CHAIN, tasks=(*CHAIN.tasks, step("last", "exit 2", always=True, after=("score",)))), bundle)
    assert (record.exit_code, states(record)["last"]) == (1, "failed")


@pytest.mark.parametrize(("going", "end"), [(True, "succeeded"), (False, "cancelled")])
def test_what_does_not_depend_on_a_failure(bundle, tmp_path, going, end):
    """Each begins when both have begun; the slow one ends by itself only where nobody is to stop it."""

    def both(name, other):
        return f"touch {tmp_path}/{name}; until [ -e {tmp_path}/{other} ]; do sleep 0.05; done; "

    slow = step("slow", both("slow", "bad") + ("echo 1" if going else "sleep 1000"))
    pipeline = plan(slow, step("bad", both("bad", "slow") + "exit 3"))
    record, _ = go(pipeline, bundle, continue_on_step_failure=going, max_parallel=2)
    assert states(record) == {"slow": end, "bad": "failed"}
    assert record.exit_code == 1


def test_ctrl_c_stops_the_steps_and_is_130(bundle):
    told = Told(up=lambda: os.kill(os.getpid(), signal.SIGINT))
    pipeline = plan(step("a", "echo up; sleep 1000"), step("b", "true", "a"))
    record, _ = go(pipeline, bundle, told)
    assert record.exit_code == 130
    assert states(record) == {"a": "cancelled", "b": "cancelled"}
    assert told.ends["a"] is told.ends["b"] is State.CANCELLED
    assert record.step("a").reason == "stopped: interrupted"
    assert list_runs(bundle)[-1].interrupted


def test_a_terminated_run_is_stopped_alike_and_then_terminated(bundle):
    ended = []
    before = signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    try:
        told = Told(up=lambda: os.kill(os.getpid(), signal.SIGTERM))
        record, _ = go(plan(step("a", "echo up; sleep 1000")), bundle, told)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended == [signal.SIGTERM]
    assert record.interrupted
    assert told.ends["a"] is State.CANCELLED
    assert list_runs(bundle) == (record,)


def test_a_step_that_takes_too_long(bundle):
    record, _ = go(plan(step("a", "sleep 1000", timeout=1)), bundle)
    assert record.step("a").exit_code == 124
    assert record.step("a").reason == "it ran longer than its limit of 1 s"


def test_one_run_at_a_time(bundle):
    write(CHAIN, bundle)
    with try_locked(bundle / ".mlc" / "lock"), pytest.raises(MlcError) as error:
        go(CHAIN, bundle)
    assert error.value.diagnostic.code == "E657"
    assert list_runs(bundle) == ()


def test_only_a_step_and_what_it_needs(bundle):
    record, _ = go(CHAIN, bundle, only=("train",))
    assert states(record) == {"prep": "succeeded", "train": "succeeded"}
    with pytest.raises(MlcError) as error:
        go(CHAIN, bundle, only=("tain",))
    assert error.value.diagnostic.code == "E659"
    assert "prep, train, score" in error.value.diagnostic.text


def test_missing_data_stops_before_the_first_step(bundle):
    pipeline = plan(with_input(step("a", "true"), "raw", PortType.URI_FOLDER, OF_RAW), inputs=(RAW,))
    with pytest.raises(MlcError) as error:
        go(pipeline, bundle)
    assert error.value.diagnostic.code == "E653"


def test_a_step_without_its_gpu_runs_and_sees_none(bundle, monkeypatch):
    monkeypatch.setattr("mlc.runner.gpu._device_files", lambda: ())
    monkeypatch.setattr("mlc.runner.gpu._nvidia_smi", lambda: ())
    pipeline = plan(step("a", 'echo "[$CUDA_VISIBLE_DEVICES]"', reservation=Reservation(compute="gpu", gpus=1)))
    record, told = go(pipeline, bundle)
    assert record.exit_code == 0
    assert "W650" in told.codes
    assert ("a", "[]") in told.lines
    with pytest.raises(MlcError) as error:
        go(pipeline, bundle, gpu=GpuChoice.ON)
    assert error.value.diagnostic.code == "E654"


def test_nothing_of_our_own_environment_reaches_a_step(bundle, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/secret")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://elsewhere")
    monkeypatch.setenv("MLC_STEP", "x")
    _, told = go(plan(step("a", 'echo "$PYTHONPATH $MLFLOW_TRACKING_URI"')), bundle)
    (line,) = [text for name, text in told.lines if "file://" in text]
    assert "/secret" not in line
    assert "elsewhere" not in line


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (BuildDockerfile(dockerfile="docker/Dockerfile"), "It is built by docker/Dockerfile"),
        (MambaInstall(base="b", python="3.9", channels=("c",), conda=("mesalib",), pip=()), "conda packages (mesalib)"),
    ],
)
def test_environments_that_need_docker(bundle, recipe, words, monkeypatch):
    monkeypatch.setattr("mlc.runner.environments.CONDA_TOOLS", ("no-such-mamba",))
    pipeline = replace(CHAIN, images=(replace(IMAGE, recipe=recipe),))
    with pytest.raises(MlcError) as error:
        go(pipeline, bundle)
    assert error.value.diagnostic.code == "E655"
    assert words in error.value.diagnostic.text
    assert list_runs(bundle) == ()
    assert not any((bundle / ".mlc" / "runs").iterdir())


def test_a_machine_that_calls_it_python3(bundle, monkeypatch, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in os.scandir("/usr/bin"):
        if not program.name.startswith("python"):
            (folder / program.name).symlink_to(program.path)
    (folder / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(folder))
    record, told = go(plan(step("a", "python -c 'print(1+1)'")), bundle)
    assert record.exit_code == 0
    assert ("a", "2") in told.lines


def test_outputs_are_found_and_copied(bundle, tmp_path):
    go(CHAIN, bundle)
    places = outputs(CHAIN, bundle)
    assert [(place.name, place.of_pipeline) for place in places] == [("model", True), ("score.out", False)]
    copied = fetch_outputs(CHAIN, bundle, tmp_path / "copy")
    assert [(place.name, path) for place, path in copied] == [
        ("model", tmp_path / "copy" / "model"),
        ("score.out", tmp_path / "copy" / "score.out"),
    ]
    assert (tmp_path / "copy" / "model" / "y").read_text() == "hello\ntrained\n"
    for names, words in ((("modl",), "model, score.out"), (("model",), "there already")):
        with pytest.raises(MlcError, match=words):
            fetch_outputs(CHAIN, bundle, tmp_path / "copy", names)


def test_a_last_step_uses_no_outputs_up(bundle):
    last = step("last", "echo cleaned", always=True, after=("score",))
    places = outputs(replace(CHAIN, tasks=(*CHAIN.tasks, last)), bundle)
    assert [place.name for place in places] == ["model", "score.out", "last.out"]


def test_outputs_before_the_first_run(bundle, tmp_path):
    go(plan(step("prep", "exit 1"), step("train", "true", "prep")), bundle)
    with pytest.raises(MlcError) as error:
        fetch_outputs(CHAIN, bundle, tmp_path / "copy")
    assert error.value.diagnostic.code == "E658"
    assert not (tmp_path / "copy" / "model").exists()


def test_docker_is_not_pretended(bundle, monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    with pytest.raises(MlcError) as error:
        go(CHAIN, bundle, engine=EngineChoice.DOCKER)
    assert error.value.diagnostic.code == "E650"
    record, told = go(CHAIN, bundle, engine=EngineChoice.AUTO)
    assert record.engine == "process"
    assert "No Docker engine answers" in told.messages[0]


def test_an_image_only_environment_is_told_of(bundle):
    _, told = go(replace(CHAIN, images=(replace(IMAGE, recipe=UseImage(base="corp/x:1")),)), bundle)
    assert "corp/x:1" in told.items[0].text
