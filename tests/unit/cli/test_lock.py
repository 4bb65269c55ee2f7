"""mlc lock, and builds that make, update and insist on locks; the index is the test's own."""

import json

import pytest
from click.testing import CliRunner, Result
from tests.support.web import Answer, Web
from tests.support.wheels import wheel

from mlc.cli import build, check, lock, plan

PIPELINE = """\
type: pipeline
jobs:
  train:
    command: python -c "import sample"
    environment:
      name: train
      image: docker.io/library/python:3.11-slim-bookworm
      conda_file:
        dependencies: [python=3.11, {pip: [--no-index, -f LINKS, sample]}]
"""
PATH = "locks/pipeline/train.linux-amd64.txt"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A pipeline whose packages are on a page of links; the folder it is in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLC_NO_LOCK")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with Web() as web:
        found = (wheel("sample", requires=("lower",)), wheel("lower"), wheel("extra"))
        names = [made.file_name for made in found]
        page = "".join(f'<a href="{web.url}/{name}">{name}</a>' for name in names)
        for made in found:
            web.serve(f"/{made.file_name}", Answer(made.content))
        links = web.serve("/links", Answer(page.encode(), headers={"Content-Type": "text/html"}))
        (tmp_path / "pipeline.yml").write_text(PIPELINE.replace("LINKS", links))
        yield tmp_path


def run(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["pipeline.yml", *arguments])


def test_lock_check_and_build(project):
    assert run(lock.command, "--check").exit_code == 1
    made = run(lock.command)
    assert (made.exit_code, made.stdout, made.stderr) == (0, "train: 2 packages; new lock\n", "")
    assert f"sample==1.0 \\\n    --hash={wheel('sample', requires=('lower',)).sha256}\n" in (project / PATH).read_text()
    again = run(lock.command)
    assert (again.exit_code, again.stdout) == (0, "train: 2 packages; nothing changed\n")
    assert run(lock.command, "--check").exit_code == 0
    assert run(build.command, "--no-images", "--locked").exit_code == 0
    recipe = json.loads(run(plan.command, "--json").stdout)["images"][0]["recipe"]
    assert [package["name"] for package in recipe["lock"]["pip"]] == ["lower", "sample"]


def test_a_build_makes_what_is_missing_and_updates_what_is_stale_in_a_line_each(project):
    first = run(build.command)
    assert first.exit_code == 0
    assert "lock made: train: 2 packages; new lock\n" in first.stderr
    assert "lock" not in run(build.command).stderr
    source = project / "pipeline.yml"
    source.write_text(source.read_text().replace("sample]", "sample, extra]"))
    assert "warning[W612]" in run(check.command).stderr
    assert "lock updated: train: 3 packages; extra new\n" in run(build.command).stderr
    assert "## pip, update 1\nextra==1.0" in (project / PATH).read_text()


@pytest.mark.parametrize("arguments", [("--no-images",), ("--no-lock",)])
def test_nothing_is_resolved_where_that_is_not_wanted(project, arguments):
    done = run(build.command, *arguments)
    assert done.exit_code == 0
    assert not (project / "locks").exists()


def test_the_variable_is_as_the_option_but_locked_wins(project, monkeypatch):
    monkeypatch.setenv("MLC_NO_LOCK", "1")
    assert run(build.command).exit_code == 0
    assert not (project / "locks").exists()
    done = run(build.command, "--locked")
    assert (done.exit_code, "error[E613]" in done.stderr) == (1, True)
    assert run(build.command, "--locked", "--no-lock").exit_code == 2


def test_what_cannot_be_resolved_stops_a_build_at_its_line(project):
    source = project / "pipeline.yml"
    source.write_text(source.read_text().replace("sample]", "sample==7]"))
    done = run(build.command)
    assert done.exit_code == 1
    assert "pipeline.yml:9:" in done.stderr
    assert "error[E614]" in done.stderr
    assert not (project / "out").exists()


def test_wrong_words_of_the_command_line(project):
    assert run(lock.command, "--check", "--upgrade").exit_code == 2
    assert run(lock.command, "--upgrade-package", "-x").exit_code == 2
    assert run(lock.command, "--upgrade-package", "sample==2").exit_code == 2


def test_a_package_to_upgrade_that_no_lock_has_is_said(project):
    done = run(lock.command, "--upgrade-package", "Sampel")
    assert done.exit_code == 2
    assert "No environment has a package sampel" in " ".join(done.stderr.split())
    assert "'sample'" in done.stderr
    assert run(lock.command, "--upgrade-package", "Sample").exit_code == 0


def test_locks_of_environments_that_are_gone_are_named(project):
    run(lock.command)
    left = project / "locks/pipeline/old.linux-amd64.txt"
    left.write_text((project / PATH).read_text())
    (project / "locks/pipeline/notes.linux-amd64.txt").write_text("not a lock\n")
    told = run(lock.command)
    assert (told.exit_code, told.stdout) == (
        0,
        "train: 2 packages; nothing changed\n"
        "locks/pipeline/old.linux-amd64.txt: no environment of pipeline has this name; the file can be removed\n",
    )
    assert left.exists()
    assert "notes" not in run(lock.command, "--check").stdout
