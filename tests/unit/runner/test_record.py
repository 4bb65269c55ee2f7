import json

import pytest

from mlc.images.report import State
from mlc.runner.record import RunRecord, StepRecord, list_runs, load, new_folder, save, to_json


def record(folder, *states, interrupted=False):
    steps = tuple(StepRecord(task=f"s{number}", state=state) for number, state in enumerate(states))
    return RunRecord(
        id=folder.name,
        pipeline="p",
        engine="docker",
        started="2026-01-31T12:05:01+01:00",
        folder=folder,
        inputs={"epochs": "1"},
        steps=steps,
        interrupted=interrupted,
    )


@pytest.mark.parametrize(
    ("states", "interrupted", "code"),
    [
        ((State.SUCCEEDED, State.REUSED), False, 0),
        ((), False, 0),
        ((State.SUCCEEDED, State.FAILED), False, 1),
        ((State.FAILED, State.SKIPPED), False, 1),
        ((State.SUCCEEDED,), True, 130),
        ((State.CANCELLED,), True, 130),
    ],
)
def test_the_exit_status_is_0_exactly_if_every_step_succeeded(tmp_path, states, interrupted, code):
    assert record(tmp_path, *states, interrupted=interrupted).exit_code == code


def test_folders_have_readable_names_that_are_never_taken_twice(tmp_path):
    names = [new_folder(tmp_path, "2026-01-31T12:05:01+01:00").name for _ in range(3)]
    assert names == ["2026-01-31-120501", "2026-01-31-120501-2", "2026-01-31-120501-3"]


def test_a_record_is_read_as_it_was_written(tmp_path):
    made = record(new_folder(tmp_path, "2026-01-31T12:05:01+01:00"), State.SUCCEEDED, State.FAILED)
    save(made)
    assert load(made.folder) == made
    assert list_runs(tmp_path) == (made,)
    assert to_json(made)["steps"][1]["state"] == "failed"
    assert to_json(made)["succeeded"] is False


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "steps": [{"state": "odd"}]}', "null"]
)
def test_what_is_no_record_is_left_out(tmp_path, text):
    folder = new_folder(tmp_path, "2026-01-31T12:05:01+01:00")
    (folder / "run.json").write_text(text)
    assert list_runs(tmp_path) == ()


def test_runs_come_in_the_order_of_time(tmp_path):
    for _ in range(11):
        save(record(new_folder(tmp_path, "2026-01-31T12:05:01+01:00")))
    assert [run.id[18:] for run in list_runs(tmp_path)] == ["", *map(str, range(2, 12))]


def test_no_runs(tmp_path):
    assert list_runs(tmp_path / "nothing") == ()


def test_the_file_is_for_other_programs_too(tmp_path):
    made = record(new_folder(tmp_path, "2026-01-31T12:05:01+01:00"), State.SUCCEEDED)
    save(made)
    raw = json.loads((made.folder / "run.json").read_text())
    assert raw["format"] == 1
    assert "folder" not in raw
