import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.unit.images.fake_engine import KEY, FakeEngine

from mlc.cli import amounts, console
from mlc.cli.app import app, start
from mlc.images.cache import cache_root

TAG = f"mlc/p-train:{KEY[:12]}-1"


@pytest.fixture
def fake(monkeypatch):
    engine = FakeEngine()
    engine.add("train", [("os", 100), ("torch", 2_000_000_000)], [TAG])
    with engine.serve() as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        yield engine


@pytest.fixture
def no_engine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


def mlc(*arguments: str, status: int = 0):
    done = CliRunner().invoke(app, ["cache", *arguments])
    assert done.exit_code == status, (done.output, done.exception)
    return done


def test_list_names_images_with_their_sizes_and_users(fake):
    found = mlc("list").stdout
    assert TAG in found
    assert "p/train" in found
    assert "2 GB" in found
    about = json.loads(mlc("list", "--json").stdout)
    assert about["images"][0]["own"] == 2_000_000_100
    assert about["images_size"] == 2_000_000_100


def test_list_without_an_engine_shows_the_folder(no_engine):
    (cache_root() / "built").mkdir(parents=True)
    (cache_root() / "built" / "x.json").write_text("{}")
    done = mlc("list")
    assert "built" in done.stdout
    assert "No engine was asked" in done.stderr
    about = json.loads(mlc("list", "--json").stdout)
    assert about["images"] is None
    assert [one["name"] for one in about["records"]] == ["built"]


def test_nothing_goes_without_a_terminal_until_yes_is_said(fake):
    done = mlc("prune")
    assert "would go" in done.stdout
    assert "--yes" in done.stderr
    assert fake.removed == []
    assert "Removed 1 thing, 2 GB." in mlc("prune", "--yes").stdout
    assert fake.removed == [TAG]


def test_a_dry_run_removes_nothing_even_with_yes(fake):
    assert "would go" in mlc("prune", "--all", "--dry-run", "--yes").stdout
    assert fake.removed == []


def test_a_person_is_asked(fake, monkeypatch):
    monkeypatch.setattr(console, "is_terminal", lambda stream: True)
    CliRunner().invoke(app, ["cache", "prune"], input="n\n")
    assert fake.removed == []
    CliRunner().invoke(app, ["cache", "prune"], input="y\n")
    assert fake.removed == [TAG]


def test_json_of_prune_asks_nobody(fake):
    told = json.loads(mlc("prune", "--json").stdout)
    assert (told["removed"], told["frees"], [one["name"] for one in told["goes"]]) == (False, 2_000_000_100, [TAG])
    assert fake.removed == []
    assert json.loads(mlc("prune", "--json", "--yes").stdout)["removed"] is True
    assert fake.removed == [TAG]


def test_prune_without_an_engine_removes_what_is_in_the_folder(no_engine):
    (cache_root() / "built").mkdir(parents=True)
    (cache_root() / "built" / "x.json").write_text("{}")
    mlc("prune", "--all", "--yes")
    assert not (cache_root() / "built").exists()


@pytest.mark.parametrize("name", ["p/train", "p", "train", TAG, KEY[:6]])
def test_show_finds_an_image_by_any_of_its_names(fake, name):
    told = mlc("show", name).stdout
    assert "2 GB" in told
    assert KEY in told
    assert [one["size"] for one in json.loads(mlc("show", name, "--json").stdout)["layers"]] == [100, 2_000_000_000]


def test_show_of_what_is_not_there(fake, capsys):
    assert start(["cache", "show", "p/trian"]) == 1
    assert "error[E642]: No image of mlc is called 'p/trian'. Did you mean 'p/train'?" in capsys.readouterr().err


def test_show_without_an_engine(no_engine, capsys):
    assert start(["cache", "show", "p"]) == 5
    assert "E650" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--older-than", "soon"], ["--keep-size", "-1"], ["--keep-size", "9 lives"], ["--all", "--unused"]]
)
def test_wrong_conditions(no_engine, arguments):
    assert "Usage: " in mlc("prune", *arguments, status=2).stderr


@pytest.mark.parametrize(
    ("text", "number"), [("20GB", 20 * 10**9), ("500 m", 5 * 10**8), ("1.5GiB", 1_610_612_736), ("7", 7), ("2kb", 2000)]
)
def test_sizes(text, number):
    assert amounts.Size().convert(text, None, None) == number


@pytest.mark.parametrize(("text", "seconds"), [("30d", 2_592_000.0), ("12h", 43_200.0), ("2W", 1_209_600.0)])
def test_ages(text, seconds):
    assert amounts.Age().convert(text, None, None) == seconds
    with pytest.raises(click.BadParameter):
        amounts.Age().convert(f"{text}x", None, None)


def test_amounts_for_people():
    sizes = (0, 999, 1000, 63_502, 2_018_450_880, 123_456_789)
    assert [amounts.size(number) for number in sizes] == ["0 B", "999 B", "1 kB", "63.5 kB", "2.02 GB", "123 MB"]
    assert [amounts.age(seconds) for seconds in (3, 300, 7200, 86_400, 864_000)] == [
        "now",
        "5 min",
        "2 h",
        "1 day",
        "10 days",
    ]


def test_hostile_names_do_not_move_the_cursor(fake):
    fake.add("evil", [("x", 1)], [f"mlc/\x1b[2Jx:{KEY[:12]}-1"])
    assert "\x1b" not in mlc("list").stdout + mlc("prune").stdout


def test_a_cache_folder_that_is_a_file(no_engine, monkeypatch, tmp_path):
    Path(tmp_path / "file").write_text("")
    monkeypatch.setenv("MLC_CACHE_DIR", str(tmp_path / "file"))
    assert "No engine was asked" in mlc("list").stderr
    mlc("prune", "--all", "--yes")
    assert (tmp_path / "file").is_file()
