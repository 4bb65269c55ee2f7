from mlc.images.report import State
from mlc.runner.mlflow_store import is_wanted, metrics, read_store
from mlc.runner.process_engine import process_folder
from mlc.runner.record import RunRecord, StepRecord, new_folder, save

from .plans import plan, step

META = b"artifact_uri: file:///x/artifacts\nend_time: 1700000009000\nrun_name: train\nstart_time: 1700000001000\n"


def store(run="abc", meta=META, **metrics):
    files = {f"1/{run}/meta.yaml": meta, f"1/{run}/tags/mlflow.runName": b"train"}
    return files | {f"1/{run}/metrics/{name}": text for name, text in metrics.items()}


def test_values_in_their_order_and_the_last_one():
    (run,) = read_store(
        store(loss=b"1700000002000 0.9 0\n1700000003000 0.25 1\n", **{"val/acc": b"1700000003000 0.81 1\n"}).items()
    )
    assert (run.name, run.run_id, run.started) == ("train", "abc", 1700000001000)
    assert run.last == {"loss": 0.25, "val/acc": 0.81}
    assert [(point.step, point.value) for point in dict(run.metrics)["loss"]] == [(0, 0.9), (1, 0.25)]


def test_old_clients_write_no_step():
    (run,) = read_store(store(loss=b"1700000002 0.5\n").items())
    assert run.last == {"loss": 0.5}


def test_what_cannot_be_read_is_left_out():
    broken = {"meta.yaml": b"", "1/x/metrics/loss": b"1 2 3\n", **store(loss=b"\xff\n1 x 0\n\n1\n", good=b"1 nan 0\n")}
    (run,) = read_store(broken.items())
    assert list(run.last) == ["good"]


def test_only_small_text_files_are_wanted():
    assert is_wanted("1/abc/metrics/val/acc")
    assert is_wanted("1/abc/meta.yaml")
    assert is_wanted("1/abc/tags/mlflow.runName")
    assert is_wanted("1/abc/tags/mlc.step")
    assert not is_wanted("1/abc/tags/mlflow.note.content")
    assert not is_wanted("1/abc/artifacts/model/weights.h5")
    assert not is_wanted("1/meta.yaml")
    assert not is_wanted("1/abc/artifacts/metrics/x")


def test_the_latest_run_of_each_step_in_the_plans_order(tmp_path):
    steps = (StepRecord(task="train", state=State.SUCCEEDED),)
    folder = new_folder(tmp_path, "2026-01-31T12:05:01+01:00")
    save(RunRecord(id="1", pipeline="p", engine="process", started="2026", folder=folder, inputs={}, steps=steps))
    old = store("old", META.replace(b"1700000001000", b"1600000001000"), loss=b"1 0.7 0\n")
    for path, content in (old | store(loss=b"1 0.1 0\n")).items():
        target = process_folder(tmp_path) / "mlc-mlflow" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    found = metrics(plan(step("prep", "true"), step("train", "true")), tmp_path)
    assert [(run.name, run.last) for run in found] == [("train", {"loss": 0.1})]


def test_a_run_that_the_script_named_itself_is_still_the_steps(tmp_path):
    files = store(loss=b"1 0.1 0\n") | {"1/abc/tags/mlflow.runName": b"mine", "1/abc/tags/mlc.step": b"train"}
    assert [run.name for run in read_store(files.items())] == ["train"]
