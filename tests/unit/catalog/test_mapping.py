"""mlc.catalog.mapping: what the user says that names stand for."""

from pathlib import Path

import pytest

from mlc.catalog import mapping
from mlc.config import Config
from mlc.ir.asset import AssetKind, AssetName, DatastorePath

BASE = Path("/project")


def found(wanted, *texts, config=None):
    """The place that the mappings give."""
    given = tuple(item for text in texts if (item := mapping.of_option(text, BASE)) is not None)
    assert len(given) == len(texts)
    hit = mapping.find(given + (mapping.of_config(config) if config else ()), wanted)
    return None if hit is None else mapping.location(hit, wanted).uri


def data(name="d", version=None, registry=None):
    return AssetName(kind=AssetKind.DATA, name=name, version=version, registry=registry)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("azureml:d", data()),
        ("azureml:d", data(version="3")),
        ("d", data(version="3")),
        ("d:3", data(version="3")),
        ("azureml:d@latest", data(version="3")),
        ("azureml:d", data(registry="r")),
        ("azureml://registries/r/data/d", data(registry="r")),
        ("azureml://datastores/s", DatastorePath(datastore="s", path="")),
        ("azureml://datastores/s/paths/a/", DatastorePath(datastore="s", path="a")),
    ],
)
def test_keys_that_fit(key, wanted):
    assert found(wanted, f"{key}=./x") == "/project/x"


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("azureml:d:2", data()),
        ("azureml:d:2", data(version="3")),
        ("azureml:dd", data()),
        ("azureml://registries/r/data/d", data()),
        ("azureml://registries/r/models/d", data(registry="r")),
        ("azureml:s", DatastorePath(datastore="s", path="p")),
        ("azureml://datastores/s/paths/a", DatastorePath(datastore="s", path="ab")),
        ("azureml://datastores/other", DatastorePath(datastore="s", path="a")),
    ],
)
def test_keys_that_do_not(key, wanted):
    assert found(wanted, f"{key}=./x") is None


def test_the_more_exact_key_wins_then_the_first():
    assert found(data(version="3"), "d=./any", "d:3=./three", "d:3=./again") == "/project/three"
    path = DatastorePath(datastore="s", path="raw/a/b.csv")
    assert found(path, "azureml://datastores/s=./s", "azureml://datastores/s/paths/raw=./r") == "/project/r/a/b.csv"


def test_the_command_line_comes_before_the_configuration():
    config = Config(file=Path("/conf/mlc.toml"), map={"azureml:d": "./c", "azureml:e": "./e"}, datastores={"s": "./t"})
    assert found(data(), "d=./x", config=config) == "/project/x"
    assert found(data("e"), "d=./x", config=config) == "/conf/e"
    assert found(DatastorePath(datastore="s", path="p/q"), config=config) == "/conf/t/p/q"


@pytest.mark.parametrize(
    ("target", "rest", "place"),
    [
        ("https://h/c", "a b/c", "https://h/c/a b/c"),
        ("https://h/c/?sv=1&sig=x", "a", "https://h/c/a?sv=1&sig=x"),
        ("wasbs://c@a.blob.core.windows.net", "p", "wasbs://c@a.blob.core.windows.net/p"),
        ("https://[no/address", "a", "https://[no/address/a"),
        ("file:///data", "p", "/data/p"),
        ("../up", "", "/up"),
        ("/abs", "p", "/abs/p"),
        ("~nobody-of-that-name/x", "", "/project/~nobody-of-that-name/x"),
    ],
)
def test_places(target, rest, place):
    assert mapping.place(target, rest, BASE, "").uri == place


@pytest.mark.parametrize("text", ["d", "=x", "d=", "a b=x", "azureml:=x", "d= "])
def test_options_that_are_no_mapping(text):
    assert mapping.of_option(text, BASE) is None
