"""mlc init: a whole project, and never a file overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from mlc.cli.init import command
from mlc.diagnostics import MlcError

FILES = [
    ".gitignore",
    "README.md",
    "components/clean/component.py",
    "components/summarize/component.yml",
    "components/summarize/summarize.py",
    "data/measurements.csv",
    "mlc.toml",
    "pipeline.py",
]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_new_folder_gets_the_project(tmp_path):
    done = CliRunner().invoke(command, [str(tmp_path / "new" / "one")])
    assert done.exit_code == 0
    assert files(tmp_path / "new" / "one") == FILES
    assert "pipeline.py\n" in done.stdout
    assert "Next: cd " in done.stderr


def test_other_files_stay(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 0
    assert files(tmp_path) == sorted([*FILES, "notes.txt"])
    assert done.stderr == "\nNext: mlc run pipeline.py\n"


@pytest.mark.parametrize("name", ["pipeline.py", "mlc.toml"])
def test_nothing_is_written_over_a_file_that_is_there(tmp_path, name):
    (tmp_path / name).write_text("mine")
    done = CliRunner().invoke(command, [str(tmp_path)])
    assert isinstance(done.exception, MlcError)
    assert done.exception.diagnostic.code == "E604"
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    done = CliRunner().invoke(command, [str(tmp_path / "file" / "x")])
    assert isinstance(done.exception, MlcError)
    assert done.exception.diagnostic.code == "E604"
