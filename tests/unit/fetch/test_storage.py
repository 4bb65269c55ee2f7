"""Containers of a real storage server (azurite): folders, files, private containers, credentials."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import in_ci
from tests.support.azurite import ACCOUNT, KEY, Azurite, NoAzuriteError, running
from tests.support.fetching import PROGRAM, NoEnvironmentError
from tests.support.fetching import python as interpreter

Fetch = Callable[..., Path]
Program = Callable[[str], ModuleType]
BLOBS = {"in/a.csv": b"one", "in/sub/b c.csv": b"two", "in/x#y?z.csv": b"three", "in2/no.csv": b"no"}


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    try:
        interpreter()
        with running(tmp_path_factory.mktemp("azurite")) as server:
            server.container("data", BLOBS)
            server.container("private", {"in/a.csv": b"one"}, public=False)
            yield server
    except (NoAzuriteError, NoEnvironmentError) as reason:
        if in_ci():
            raise
        pytest.skip(str(reason))


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    """Runs the program as a step does; the output's folder. What goes wrong is a ``Refused``."""

    def run(uri: str, type_: str = "uri_file") -> Path:
        around = {**os.environ, "MLC_ROOT": str(tmp_path), "MLC_STEP": "fetch"}
        (tmp_path / "out").mkdir(exist_ok=True)
        done = subprocess.run(
            [interpreter(), PROGRAM / "fetch.py", type_, uri, tmp_path / "out"],
            env=around,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if done.returncode:
            raise Refused(done.stderr)
        return tmp_path / "out"

    return run


class Refused(Exception):
    """What the program said."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(fetch: Fetch, uri: str, type_: str = "uri_folder") -> str:
    with pytest.raises(Refused) as told:
        fetch(uri, type_)
    return str(told.value)


def test_a_folder_is_the_tree_below_it(azurite: Azurite, fetch: Fetch) -> None:
    want = {"a.csv": b"one", "sub/b c.csv": b"two", "x#y?z.csv": b"three"}
    assert files(fetch(f"{azurite.url}/data/in", "uri_folder")) == want
    assert files(fetch(f"{azurite.url}/data/in/", "mltable")) == want


def test_a_whole_container(azurite: Azurite, fetch: Fetch) -> None:
    assert files(fetch(f"{azurite.url}/data", "uri_folder")) == BLOBS


def test_a_file_and_a_folder_for_a_model(azurite: Azurite, fetch: Fetch) -> None:
    assert files(fetch(f"{azurite.url}/data/in/sub", "custom_model")) == {"b c.csv": b"two"}
    assert files(fetch(f"{azurite.url}/data/in/a.csv", "custom_model")) == {"a.csv": b"one"}


def test_a_folder_that_is_one_file_holds_it(azurite: Azurite, fetch: Fetch) -> None:
    assert files(fetch(f"{azurite.url}/data/in/a.csv", "uri_folder")) == {"a.csv": b"one"}


def test_what_changed_is_fetched_and_what_is_gone_goes(azurite: Azurite, fetch: Fetch) -> None:
    azurite.container("moving", {"in/a": b"1", "in/b": b"2"})
    before = fetch(f"{azurite.url}/moving/in", "uri_folder")
    kept = (before / "b").stat().st_ino
    azurite.blob("moving", "in/a", b"new")
    azurite.container("moving2", {"in/b": b"2"})
    assert files(fetch(f"{azurite.url}/moving/in", "uri_folder")) == {"a": b"new", "b": b"2"}
    assert (before / "b").stat().st_ino == kept
    assert files(fetch(f"{azurite.url}/moving2/in", "uri_folder")) == {"b": b"2"}


@pytest.mark.parametrize(
    ("path", "type_", "words"),
    [
        ("data/in", "uri_file", "is a folder, and the input takes one file. Declare it as uri_folder"),
        ("data", "uri_file", "is a container, and the input takes one file"),
        ("data/nothing", "uri_folder", "There is nothing at"),
        ("data/nothing", "uri_file", "There is nothing at"),
        ("private/in", "uri_folder", "is not public"),
        ("nowhere/in", "uri_folder", "AZURE_STORAGE_SAS_TOKEN"),
    ],
)
def test_what_is_told(azurite: Azurite, fetch: Fetch, path: str, type_: str, words: str) -> None:
    assert words in refusal(fetch, f"{azurite.url}/{path}", type_)


def test_a_private_container_with_its_key(azurite: Azurite, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite.connection)
    assert files(fetch(f"{azurite.url}/private/in", "uri_folder")) == {"a.csv": b"one"}
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", KEY)
    assert files(fetch(f"{azurite.url}/private/in/a.csv", "uri_file")) == {"a.csv": b"one"}


@pytest.mark.parametrize("scheme", ["wasbs", "abfss"])
def test_addresses_of_storage(azurite: Azurite, fetch: Fetch, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """A connection string says where its account is, whatever the address makes of it."""
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite.connection)
    host = f"{ACCOUNT}.{'blob' if scheme == 'wasbs' else 'dfs'}.core.windows.net"
    assert files(fetch(f"{scheme}://private@{host}/in/a.csv", "uri_file")) == {"a.csv": b"one"}
    assert files(fetch(f"{scheme}://private@{host}/in", "uri_folder")) == {"a.csv": b"one"}


def test_credentials_are_for_the_account_that_they_name(
    azurite: Azurite, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "another")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", KEY)
    assert "is not public" in refusal(fetch, f"{azurite.url}/private/in")


@pytest.mark.parametrize(
    ("uri", "url", "account", "container", "path"),
    [
        ("wasbs://c@a.blob.core.windows.net/p/x%20y", "https://a.blob.core.windows.net/c/p/x%20y", "a", "c", "p/x y"),
        ("abfss://f@a.dfs.core.windows.net/p/", "https://a.blob.core.windows.net/f/p", "a", "f", "p"),
        ("https://a.blob.core.windows.net/c", "https://a.blob.core.windows.net/c", "a", "c", ""),
        ("https://a.dfs.core.windows.net/c/p", "https://a.blob.core.windows.net/c/p", "a", "c", "p"),
        ("https://example.com/c/p", "https://example.com/c/p", "", "", ""),
    ],
)
def test_what_addresses_mean(program: Program, uri: str, url: str, account: str, container: str, path: str) -> None:
    place = program("place").parse(uri)
    assert (place.url, place.account, place.container, place.path) == (url, account, container, path)


@pytest.mark.parametrize("names", [["../x"], ["a//b"], ["/a"], ["a", "a/b"], [".mlc-fetch/x"]])
def test_names_that_no_file_can_have(program: Program, names: list[str]) -> None:
    with pytest.raises(program("trouble").TroubleError):
        program("fetch")._check_names(names)
