"""Data that a step fetched: known by its content, named by the run; a new run may keep what is there."""

import pytest
from tests.unit.runtime.stage import Stage

pytestmark = pytest.mark.parametrize("world", ["busybox", "core utilities"], indirect=True)
READ = {"MLC_INPUTS": "d data fetch_d"}
COMMAND = "cat ${{words inputs.d}}"


@pytest.fixture
def fetched(stage: Stage) -> Stage:
    """A stage on which another step fetched one file."""
    (stage.root / "inputs/d").mkdir(parents=True)
    (stage.root / "inputs/d/iris all.csv").write_text("1,2\n")
    (stage.root / "state/fetch_d").mkdir(parents=True)
    (stage.root / "state/fetch_d/done").write_text("key aaaa\noutputs bbbb\n")
    (stage.root / "state/fetch_d/content").write_text("content 1111\nfile iris all.csv\n")
    return stage


def test_the_file_has_the_name_that_the_run_gave_it(fetched: Stage) -> None:
    ran = fetched.run(COMMAND, **READ)
    assert (ran.status, ran.printed) == (0, ["1,2"])


def test_a_fetched_folder_is_the_folder(fetched: Stage) -> None:
    (fetched.root / "state/fetch_d/content").write_text("content 1111\n")
    ran = fetched.run("ls ${{words inputs.d}}", **READ)
    assert (ran.status, ran.printed) == (0, ["iris all.csv"])


def test_fetched_again_and_the_same_nothing_runs(fetched: Stage) -> None:
    fetched.run(COMMAND, **READ)
    (fetched.root / "state/fetch_d/done").write_text("key cccc\noutputs bbbb\n")
    assert fetched.run(COMMAND, **READ).said == ["skipped: nothing changed since its last run"]


def test_other_content_is_a_reason_to_run(fetched: Stage) -> None:
    fetched.run(COMMAND, **READ)
    (fetched.root / "state/fetch_d/content").write_text("content 2222\nfile iris all.csv\n")
    assert fetched.run(COMMAND, **READ).said == ["runs: the data of d changed", "done"]


def test_outputs_that_are_kept_are_there_for_the_command(stage: Stage) -> None:
    write = {"MLC_OUTPUTS": "data folder"}
    assert stage.run("echo 1 >${{words outputs.data}}/part", **write).status == 0
    kept = stage.run("cat ${{words outputs.data}}/part", **write, MLC_KEEP="1")
    assert (kept.status, kept.printed) == (0, ["1"])
    assert stage.run("cat ${{words outputs.data}}/part; true", **write, MLC_KEY="2").printed == []


def test_content_of_an_earlier_run_does_not_outlive_it(stage: Stage) -> None:
    (stage.root / "state/train").mkdir(parents=True, exist_ok=True)
    (stage.root / "state/train/content").write_text("content 1111\n")
    assert stage.run("false").status == 1
    assert not (stage.root / "state/train/content").exists()
