"""A second ``up`` runs what changed and its descendants, and nothing else."""

from pathlib import Path

import pytest
from tests.engine.conftest import Compile
from tests.support.bundles import Bundle, build, steps_run, write_files
from tests.support.standins import BUSYBOX

pytestmark = pytest.mark.engine

PIPELINE = f"""\
type: pipeline
inputs:
  data: {{type: uri_folder, path: ./data}}
  word: tree
jobs:
  count:
    command: wc -l < ${{{{inputs.data}}}}/lines.txt > ${{{{outputs.out}}}}/count.txt
    inputs: {{data: "${{{{parent.inputs.data}}}}"}}
    outputs: {{out: {{type: uri_folder}}}}
    environment: {{image: {BUSYBOX}}}
  say:
    component: ./say.yml
    inputs: {{word: "${{{{parent.inputs.word}}}}"}}
  join:
    command: cat ${{{{inputs.count}}}}/count.txt ${{{{inputs.said}}}} > ${{{{outputs.both}}}}
    inputs:
      count: ${{{{parent.jobs.count.outputs.out}}}}
      said: ${{{{parent.jobs.say.outputs.said}}}}
    outputs: {{both: {{type: uri_file}}}}
    environment: {{image: {BUSYBOX}}}
"""
SAY = f"""\
type: command
name: say
inputs: {{word: {{type: string}}}}
outputs: {{said: {{type: uri_file}}}}
code: ./code
command: sh say.sh ${{{{inputs.word}}}} > ${{{{outputs.said}}}}
environment: {{image: {BUSYBOX}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three steps: ``join`` reads what ``count`` and ``say`` make."""
    files = {"reuse.yml": PIPELINE, "say.yml": SAY, "code/say.sh": 'echo "a $1"\n', "data/lines.txt": "1\n2\n"}
    return write_files(tmp_path / "project", files)


@pytest.fixture
def bundle(project: Path, compiled: Compile) -> Bundle:
    """The project's bundle, run once."""
    made = compiled(project / "reuse.yml")
    done = made.up()
    assert done.returncode == 0, done.stdout
    assert sorted(steps_run(done.stdout)) == ["count", "join", "say"]
    return made


def up(bundle: Bundle, **variables: str) -> list[str]:
    """The steps that ran, sorted."""
    done = bundle.up(**variables)
    assert done.returncode == 0, done.stdout
    return sorted(steps_run(done.stdout))


def result(bundle: Bundle, folder: Path) -> str:
    return (bundle.copy("join", "both", folder) / "both").read_text()


def test_only_what_changed_and_what_comes_after_runs_again(bundle, project, engine, tmp_path):
    assert result(bundle, tmp_path / "1") == "2\na tree\n"
    assert up(bundle) == []

    assert up(bundle, INPUT_WORD="river") == ["join", "say"]
    assert result(bundle, tmp_path / "2") == "2\na river\n"

    (project / "data" / "lines.txt").write_text("1\n2\n3\n")
    assert up(bundle, INPUT_WORD="river") == ["count", "join"]
    assert result(bundle, tmp_path / "3") == "3\na river\n"

    (project / "code" / "say.sh").write_text('echo "the $1"\n')
    build(project / "reuse.yml", engine, bundle.folder)
    assert up(bundle, INPUT_WORD="river") == ["join", "say"]
    assert result(bundle, tmp_path / "4") == "3\nthe river\n"


def test_an_edit_that_gives_the_same_output_still_runs_its_descendants(bundle, project):
    (project / "data" / "lines.txt").write_text("3\n4\n")
    assert up(bundle) == ["count", "join"]


def test_touched_data_with_the_same_content_runs_nothing(bundle, project):
    lines = project / "data" / "lines.txt"
    lines.write_text(lines.read_text())
    assert up(bundle) == []


def test_a_lost_volume_runs_its_step_again(bundle):
    bundle.compose("down")
    name = bundle.compose("config", "--volumes").stdout.split()
    assert "say-said" in name
    volumes = bundle.engine.docker("volume", "ls", "--quiet", "--filter", "name=say-said").stdout.split()
    ours = [volume for volume in volumes if volume.startswith("reuse")]
    assert len(ours) == 1
    bundle.engine.docker("volume", "rm", ours[0])
    assert "say" in up(bundle)


def test_a_moved_bundle_still_runs(bundle, tmp_path, engine):
    vendored = build(tmp_path / "project" / "reuse.yml", engine, tmp_path / "first place" / "reuse", "--vendor-data")
    moved = tmp_path / "other place, moved"
    vendored.folder.parent.rename(moved)
    there = Bundle(folder=moved / "reuse", engine=engine)
    done = there.up()
    assert done.returncode == 0, done.stdout
    assert result(there, tmp_path / "copy") == "2\na tree\n"
