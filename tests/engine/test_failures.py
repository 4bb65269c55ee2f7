"""The exit status of a plain ``docker compose up``: 0 exactly if every step succeeded, wherever one fails."""

from pathlib import Path

import pytest
from tests.engine.conftest import Compile
from tests.support.bundles import Bundle, mlc, steps_run, steps_skipped, write_files
from tests.support.standins import BUSYBOX

pytestmark = pytest.mark.engine

STEP = """
  {name}:
    command: >-
      test -z "$(cat {before} /dev/null 2>/dev/null | grep bad)" &&
      test "${{{{inputs.failing}}}}" != {name} &&
      echo {name} > ${{{{outputs.out}}}}/{name}.txt
    inputs:
      failing: ${{{{parent.inputs.failing}}}}
{inputs}
    outputs:
      out: {{type: uri_folder}}
    environment: {{image: {image}}}
"""


def chain(*edges: str) -> str:
    """Pipeline YAML; ``b<a`` is a step ``b`` that reads the output of ``a``."""
    text = "type: pipeline\ninputs:\n  failing: nobody\njobs:"
    for edge in edges:
        name, _, before = edge.partition("<")
        source = f"      before: ${{{{parent.jobs.{before}.outputs.out}}}}" if before else ""
        read = "${{inputs.before}}/" + f"{before}.txt" if before else ""
        text += STEP.format(name=name, inputs=source, before=read, image=BUSYBOX)
    return text


@pytest.fixture
def three(tmp_path: Path, compiled: Compile) -> Bundle:
    """first, second, third, one after another."""
    project = write_files(tmp_path / "project", {"three.yml": chain("first", "second<first", "third<second")})
    return compiled(project / "three.yml")


def test_a_chain_ends_with_0_and_a_failing_step_anywhere_with_1(three):
    done = three.up()
    assert done.returncode == 0, done.stdout
    assert steps_run(done.stdout) == ["first", "second", "third"]

    for position, name in enumerate(["first", "second", "third"]):
        three.down()
        done = three.up(INPUT_FAILING=name)
        assert done.returncode == 1, f"{name}: {done.stdout}"
        assert steps_run(done.stdout) == ["first", "second", "third"][: position + 1]

    repaired = three.up()
    assert repaired.returncode == 0, repaired.stdout
    assert "third" in steps_run(repaired.stdout)


def test_a_failed_step_runs_again_and_a_second_up_runs_nothing(three):
    assert three.up(INPUT_FAILING="third").returncode == 1
    again = three.up(INPUT_FAILING="third")
    assert again.returncode == 1
    assert steps_run(again.stdout) == ["third"]
    assert steps_skipped(again.stdout) == {"first", "second"}

    assert three.up().returncode == 0
    second = three.up()
    assert second.returncode == 0
    assert steps_run(second.stdout) == []
    assert steps_skipped(second.stdout) == {"first", "second", "third"}


def test_a_pipeline_that_goes_on_runs_what_does_not_need_the_failed_step(tmp_path, compiled):
    text = chain("left", "right", "after_left<left", "after_right<right", "last<after_left")
    text = text.replace("type: pipeline\n", "type: pipeline\nsettings: {continue_on_step_failure: true}\n")
    bundle = compiled(write_files(tmp_path / "project", {"going.yml": text}) / "going.yml")
    done = bundle.up(INPUT_FAILING="left")
    assert done.returncode == 1, done.stdout
    assert set(steps_run(done.stdout)) == {"left", "right", "after_right"}
    assert steps_skipped(done.stdout) == set()
    assert "mlc: left failed with exit status 1" in done.stdout
    assert "mlc: last was not run: it needs a step that failed" in done.stdout
    again = bundle.up()
    assert again.returncode == 0, again.stdout
    assert set(steps_run(again.stdout)) == {"left", "right", "after_left", "after_right", "last"}


def test_the_last_job_runs_however_the_others_end(tmp_path, compiled):
    text = chain("begin", "one", "two<one", "end")
    text = text.replace("type: pipeline\n", "type: pipeline\nsettings: {on_init: begin, on_finalize: end}\n")
    bundle = compiled(write_files(tmp_path / "project", {"last.yml": text}) / "last.yml")
    done = bundle.up(INPUT_FAILING="begin")
    assert done.returncode == 1, done.stdout
    assert steps_run(done.stdout) == ["begin", "end"]
    done = bundle.up(INPUT_FAILING="one")
    assert done.returncode == 1, done.stdout
    assert steps_run(done.stdout) == ["begin", "one", "end"]
    assert "mlc: two was not run: it needs a step that failed" in done.stdout
    assert bundle.up(INPUT_FAILING="end").returncode == 1
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    done = bundle.up()
    assert (done.returncode, steps_skipped(done.stdout)) == (0, {"begin", "one", "two", "end"})
    ran = mlc("run", str(bundle.folder), "--input", "failing=one", cwd=tmp_path, engine=bundle.engine)
    assert ran.returncode == 4, ran.stdout + ran.stderr
    assert steps_run(ran.stdout + ran.stderr) == ["begin", "one", "end"]


def test_a_branch_beside_the_failing_one_runs_to_its_end(tmp_path, compiled):
    project = write_files(
        tmp_path / "project", {"branches.yml": chain("root", "left<root", "right<root", "after_left<left")}
    )
    bundle = compiled(project / "branches.yml")
    done = bundle.up(INPUT_FAILING="left")
    assert done.returncode == 1, done.stdout
    assert "after_left" not in steps_run(done.stdout)
    right = bundle.copy("right", "out", tmp_path / "copy")
    assert (right / "right.txt").read_text() == "right\n"
