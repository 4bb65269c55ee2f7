"""mlc.cli.sources: what a word on the command line names, and what is said where it names nothing."""

import os

import pytest

from mlc.cli import sources
from mlc.diagnostics import MlcError


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(function, word: str) -> str:
    with pytest.raises(MlcError) as stop:
        function(word)
    return f"{stop.value.diagnostic.code} {stop.value.diagnostic.text}"


def test_a_file_is_found_and_absolute(here):
    (here / "sub").mkdir()
    (here / "pipeline.py").touch()
    assert sources.source_file("sub/../pipeline.py") == here / "pipeline.py"


def test_a_name_that_no_system_takes_is_no_traceback():
    assert not sources.is_bundle("x" * 5000)
    assert refusal(sources.bundle_folder, "x" * 5000).startswith("E603 ")


def test_a_link_stays_a_link(here):
    (here / "real.py").touch()
    (here / "link.py").symlink_to("real.py")
    assert sources.source_file("link.py") == here / "link.py"


def test_standard_input_is_refused_with_a_reason():
    assert refusal(sources.source_file, "-") == (
        "E105 A pipeline cannot be read from standard input. The paths in it are relative to its file. "
        "Save it and give the file's name."
    )


def test_a_bundle_is_no_source(here):
    (here / "project").mkdir()
    assert sources.source_file("project") == here / "project"
    (here / "project" / "plan.json").touch()
    assert refusal(sources.source_file, "project").startswith("E106 This is a bundle, not a source.")


def test_a_bundle_is_known_by_its_plan(here):
    (here / "b").mkdir()
    assert not sources.is_bundle("b")
    (here / "b" / "plan.json").touch()
    assert sources.is_bundle("b")
    assert sources.bundle_folder("b") == here / "b"
    assert sources.bundle_folder("b/plan.json") == here / "b"
    os.chdir("b")
    assert sources.bundle_folder(".") == here / "b"


def test_what_is_no_bundle_says_how_to_make_one(here):
    (here / "x.py").touch()
    (here / "empty").mkdir()
    assert refusal(sources.bundle_folder, "x.py").startswith("E603 'x.py' is a file, not the folder of a bundle.")
    assert refusal(sources.bundle_folder, "empty").startswith("E603 The bundle 'empty' holds no plan.json.")
    assert refusal(sources.bundle_folder, "none").startswith("E603 The bundle 'none' does not exist.")
