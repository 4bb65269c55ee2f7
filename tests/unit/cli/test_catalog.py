"""mlc components, environments, data, models: what they print, and how they end."""

import json

import pytest
from click.testing import CliRunner, Result

from mlc.cli import components, data, environments
from mlc.diagnostics import MlcError


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.yml").write_text(
        "name: train\ndescription: Trains it\ncommand: ls\nenvironment: azureml:ours:4\n"
    )
    (tmp_path / "env.yml").write_text("name: ours\nversion: 4\nimage: python:3.11\n")
    (tmp_path / "a.csv").write_text("1\n")
    return tmp_path


def mlc(group, *arguments: str) -> Result:
    return CliRunner().invoke(group.command, arguments)


def test_add_list_show_and_remove():
    assert mlc(components, "list").stderr == "Nothing there. mlc components add train/component.yml adds one.\n"
    assert mlc(components, "add", "train.yml").stdout == (
        "added environment ours, version 4\nadded component train, version 1\n"
    )
    assert mlc(components, "list").stdout == "NAME   VERSION  PLACE    TITLE\ntrain  1        catalog  Trains it\n"
    shown = mlc(components, "show", "train").stdout
    assert shown.startswith("component train, version 1 of 1\n")
    assert shown.endswith("\n\nname: train\ndescription: Trains it\ncommand: ls\nenvironment: azureml:ours:4\n")
    assert mlc(environments, "show", "azureml:ours:4").exit_code == 0
    assert mlc(components, "remove", "train:1").stdout == "removed component train, version 1\n"
    assert mlc(components, "list", "--json").stdout == "[]\n"


def test_json(here):
    (added,) = [
        item for item in json.loads(mlc(components, "add", "train.yml", "--json").stdout) if "Tr" in item["title"]
    ]
    assert (added["name"], added["version"], added["state"]) == ("train", "1", "added")
    shown = json.loads(mlc(components, "show", "train", "--json").stdout)
    assert (shown["versions"], shown["yaml"]) == (["1"], (here / "train.yml").read_text())


def test_a_repository_shows_what_it_offers():
    assert mlc(components, "list", ".").stdout == "NAME   VERSION  PLACE      TITLE\ntrain           train.yml\n"
    (row,) = json.loads(mlc(environments, "list", "train.yml", "--json").stdout)
    assert (row["name"], row["version"], row["place"]) == ("ours", "4", "env.yml")


def test_the_same_version_with_other_content(here):
    assert mlc(components, "add", "train.yml", "--version", "7").exit_code == 0
    (here / "train.yml").write_text((here / "train.yml").read_text().replace("ls", "ls -l"))
    stopped = mlc(components, "add", "train.yml", "--version", "7")
    assert isinstance(stopped.exception, MlcError)
    assert stopped.exception.diagnostic.code == "E521"
    assert (
        "replaced component train, version 7\n"
        in mlc(components, "add", "train.yml", "--version", "7", "--force").stdout
    )


def test_data_by_place(here):
    done = mlc(data, "add", "titanic=./a.csv", "web:3=https://example.com/x")
    assert done.stdout == "added data titanic, version 1\nadded data web, version 3\n"
    rows = json.loads(mlc(data, "list", "--json").stdout)
    assert [(row["name"], row["version"], row["title"]) for row in rows] == [
        ("titanic", "1", str(here / "a.csv")),
        ("web", "3", "https://example.com/x"),
    ]


@pytest.mark.parametrize("word", ["=./a.csv", "a b=./a.csv", "x="])
def test_words_that_are_no_place(word):
    assert mlc(data, "add", word).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (("show", "trian"), "Did you mean 'train'?"),
        (("show", "train:9"), "It has version 1"),
        (("remove", "other"), "mlc components list shows what there is"),
    ],
)
def test_names_that_are_not_there(arguments, fix):
    mlc(components, "add", "train.yml")
    stopped = mlc(components, *arguments).exception
    assert isinstance(stopped, MlcError)
    assert (stopped.diagnostic.code, stopped.diagnostic.fix) == ("E523", fix)


def test_names_that_are_none():
    assert mlc(components, "show", "azureml://registries/r/models/x").exit_code == 2


def test_mistakes_of_the_file_are_printed_at_their_line():
    done = mlc(components, "add", "a.csv")
    assert done.exit_code == 1
    assert "a.csv: error[E522]" in done.stderr
