"""A step whose key and outputs are as they were is skipped; else it runs, and says which one thing changed."""

import os
import shutil
from pathlib import Path

import pytest
from tests.unit.runtime.stage import Stage

COMMAND = "echo ${{words inputs.n}} >${{words outputs.out}}/result; echo x >${{words outputs.file}}"
BASE = {
    "MLC_INPUTS": "n value\nnote value?\nmodel data prep\nimages data",
    "MLC_INPUT_n": "3",
    "MLC_INPUT_note": "",
    "MLC_OUTPUTS": "out folder\nfile file",
    "MLC_OUTPUT_file": "a.txt",
}


pytestmark = pytest.mark.parametrize("world", ["busybox", "core utilities"], indirect=True)
"""The two poorest sets of tools: what they can do, the others can."""


@pytest.fixture
def ran(stage: Stage) -> Stage:
    """A step that ran once, and is skipped the second time."""
    (stage.root / "inputs/model").mkdir(parents=True)
    (stage.root / "inputs/images/sub").mkdir(parents=True)
    (stage.root / "inputs/images/sub/a b.txt").write_text("one")
    (stage.root / "state/prep").mkdir(parents=True)
    (stage.root / "state/prep/done").write_text("key aaaa\noutputs bbbb\n")
    assert stage.run(COMMAND, **BASE).said == ["runs: its first run", "done"]
    again = stage.run(COMMAND, **BASE)
    assert (again.status, again.err) == (0, "")
    assert again.said == ["skipped: nothing changed since its last run"]
    return stage


def reason(stage: Stage, command: str = COMMAND, **variables: str) -> str:
    """Why the step ran, which it did once: now it is skipped again."""
    ran = stage.run(command, **BASE | variables)
    assert ran.status == 0, ran
    assert ran.said[-1] == "done", ran
    assert stage.run(command, **BASE | variables).said == ["skipped: nothing changed since its last run"]
    return ran.said[0].removeprefix("runs: ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"MLC_INPUT_n": "4"}, "the value of n changed from '3' to '4'"),
        ({"MLC_INPUT_n": "4\n5"}, "the value of n changed from '3' to 'sha256:"),
        ({"MLC_INPUT_note": "x"}, "the value of note changed"),
        ({"MLC_PARTS": "command=new code=c1 image=c2", "MLC_KEY": "1"}, "its command changed"),
        ({"MLC_PARTS": "command=c0 code=new image=c2", "MLC_KEY": "1"}, "its code changed"),
        ({"MLC_PARTS": "command=c0 code=c1 image=new", "MLC_KEY": "1"}, "its environment changed"),
        ({"MLC_KEY": "1"}, "its settings changed"),
    ],
)
def test_one_change_is_the_reason(ran: Stage, change: dict[str, str], words: str) -> None:
    found = reason(ran, **change)
    assert found.startswith(words)
    assert ", " not in found


def test_a_value_taken_away(ran: Stage) -> None:
    assert reason(ran, MLC_INPUT_note="x") == "the value of note changed"
    assert reason(ran) == "note has no value any more"


def test_two_changes_are_both_named(ran: Stage) -> None:
    found = reason(ran, MLC_INPUT_n="4", MLC_PARTS="command=new code=c1 image=c2", MLC_KEY="1")
    assert found == "its command changed, the value of n changed from '3' to '4'"


def test_a_producer_that_ran_anew(ran: Stage) -> None:
    (ran.root / "state/prep/done").write_text("key cccc\noutputs bbbb\n")
    assert reason(ran) == "its input model was made anew by prep"


def test_a_last_step_runs_anew_if_anything_else_did(ran: Stage) -> None:
    last = {"MLC_ENDED": "prep score"}
    done, note = ran.root / "state/score/done", ran.root / "state/score/failed"
    done.parent.mkdir()
    done.write_text("key aaaa\n")
    assert reason(ran, **last) == "other steps have run"
    done.write_text("key bbbb\n")
    (ran.root / "state/prep/done").write_text("key cccc\noutputs bbbb\n")
    assert reason(ran, **last) == "its input model was made anew by prep, other steps have run"
    note.write_text("skipped\n")
    for _ in range(2):
        assert ran.run(COMMAND, **BASE | last).said == ["runs: other steps have run", "done"]
    note.unlink()
    assert reason(ran, **last) == "other steps have run"
    done.unlink()
    for _ in range(2):
        assert ran.run(COMMAND, **BASE | last).said == ["runs: other steps have run", "done"]


def test_a_producer_without_a_record_is_known_by_its_data(ran: Stage) -> None:
    (ran.root / "state/prep/done").unlink()
    assert reason(ran) == "the data of model changed"


@pytest.mark.parametrize("change", ["content", "added", "renamed", "removed"])
def test_changed_data(ran: Stage, change: str) -> None:
    file = ran.root / "inputs/images/sub/a b.txt"
    if change == "content":
        file.write_text("three")
    elif change == "added":
        (ran.root / "inputs/images/.hidden").write_text("new")
    elif change == "renamed":
        file.rename(file.with_name("c.txt"))
    else:
        file.unlink()
    assert reason(ran) == "the data of images changed"


def test_the_same_bytes_with_new_times_change_nothing(ran: Stage) -> None:
    file = ran.root / "inputs/images/sub/a b.txt"
    os.utime(file, (1, 1))
    copy = shutil.copytree(ran.root / "inputs/images", ran.root / "copy")
    shutil.rmtree(ran.root / "inputs/images")
    Path(copy).rename(ran.root / "inputs/images")
    assert ran.run(COMMAND, **BASE).said == ["skipped: nothing changed since its last run"]


def test_known_data_is_not_read_again(ran: Stage) -> None:
    known = list((ran.root / "state/known-data").iterdir())
    assert len(known) == 1
    known[0].write_text("f" * 64 + "\n")
    assert ran.run(COMMAND, **BASE).said[0] == "runs: the data of images changed"


@pytest.mark.parametrize("change", ["removed", "changed", "added", "volume gone"])
def test_outputs_that_are_not_as_they_were_left(ran: Stage, change: str) -> None:
    file = ran.root / "outputs/out/result"
    if change == "removed":
        file.unlink()
    elif change == "changed":
        file.write_text("other")
    elif change == "added":
        (ran.root / "outputs/out/more").touch()
    else:
        shutil.rmtree(ran.root / "outputs")
    assert reason(ran) == "its outputs were changed or lost"


def test_a_failed_run_leaves_no_record(ran: Stage) -> None:
    failed = ran.run(COMMAND + "; exit 3", **BASE | {"MLC_KEY": "1"})
    assert failed.status == 3
    assert "failed with exit status 3" in failed.err
    assert not (ran.root / "state/train/done").exists()
    assert reason(ran) == "its last run did not succeed"


def test_a_step_that_always_runs_makes_its_consumers_run(ran: Stage) -> None:
    always = {**BASE, "MLC_REUSE": "0"}
    keys = []
    for _ in range(2):
        assert ran.run(COMMAND, **always).said == ["runs: it is to run always", "done"]
        keys.append((ran.root / "state/train/done").read_text().splitlines()[0])
    assert keys[0] != keys[1]


def test_the_record_names_the_key_first(ran: Stage) -> None:
    word, key = (ran.root / "state/train/done").read_text().splitlines()[0].split(" ")
    assert (word, len(key)) == ("key", 64)


def test_nothing_is_left_behind(ran: Stage) -> None:
    assert sorted(path.name for path in (ran.root / "state/train").iterdir()) == ["done"]
    assert list((ran.root / "work").iterdir()) == []


def test_data_that_is_one_file(stage: Stage) -> None:
    (stage.root / "inputs/d").mkdir(parents=True)
    file = stage.root / "inputs/d/a b.csv"
    file.write_text("1")
    variables = {"MLC_INPUTS": "d data", "MLC_INPUT_d": "a b.csv"}
    assert stage.run("true", **variables).said[0] == "runs: its first run"
    assert stage.run("true", **variables).said[0].startswith("skipped")
    file.write_text("22")
    assert stage.run("true", **variables).said[0] == "runs: the data of d changed"


def test_linked_folders_serve_as_mounts(stage: Stage, tmp_path: Path) -> None:
    for name in ("data", "volume", "shared"):
        (tmp_path / "elsewhere" / name).mkdir(parents=True)
    (tmp_path / "elsewhere/data/x").write_text("1")
    (stage.root / "inputs").mkdir()
    (stage.root / "outputs").mkdir()
    (stage.root / "inputs/d").symlink_to(tmp_path / "elsewhere/data")
    (stage.root / "outputs/o").symlink_to(tmp_path / "elsewhere/volume")
    command = "cp ${{words inputs.d}}/x ${{words outputs.o}}/y"
    variables = {"MLC_INPUTS": "d data", "MLC_OUTPUTS": "o folder"}
    assert stage.run(command, **variables).said[0] == "runs: its first run"
    assert (tmp_path / "elsewhere/volume/y").read_text() == "1"
    (tmp_path / "elsewhere/data/x").write_text("22")
    assert stage.run(command, **variables).said[0] == "runs: the data of d changed"
    assert stage.run(command, **variables).said[0].startswith("skipped")
