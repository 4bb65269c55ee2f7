"""Local data that is there, and data that is elsewhere."""

import pytest
from tests.support.ir import complaints, component, context, data, given, node, pipeline

from mlc.ir.asset import AssetKind, AssetName, DatastorePath, NoNames
from mlc.ir.component import InputPort
from mlc.ir.pipeline import Data, PipelineInputRef
from mlc.ir.types import Mode, PortType
from mlc.passes.check_remote import without_secrets


class Missed(NoNames):
    """Knows nothing, and remembers what was missed."""

    def __init__(self):
        self.missed = []

    def miss(self, wanted):
        self.missed.append(wanted)


FOLDER = component(inputs={"x": "uri_folder"})
FILE = component(inputs={"x": "uri_file"})


@pytest.fixture
def place(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "a.csv").write_text("1")
    return tmp_path


def remote(uri, mode=None):
    return Data(uri=uri, mode=mode)


def test_data_that_is_there(place):
    assert complaints(pipeline(node("a", FOLDER, {"x": data(place / "images")}))) == []
    assert complaints(pipeline(node("a", FILE, {"x": data(place / "a.csv", "uri_file")}))) == []


def test_data_that_is_not(place):
    path = place / "image"
    assert complaints(pipeline(node("a", FOLDER, {"x": data(path)}))) == [
        f"E327 The data of the input 'x' of job 'a' was not found: '{path}'. Did you mean 'images'?"
    ]
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": data(place / "no" / "where")})))
    assert line.endswith(
        "The folder that should hold it does not exist either; relative paths start at the source's folder."
    )


def test_data_of_the_pipeline(place):
    use = node("a", FOLDER, {"x": given("d")})
    inputs = {"d": "uri_folder"}
    assert complaints(pipeline(use, values={"d": data(place / "images")}, inputs=inputs)) == []
    (line,) = complaints(pipeline(use, values={"d": data(place / "nope")}, inputs=inputs))
    assert line.startswith("E327 The data of the pipeline input 'd' was not found")


def test_file_and_folder(place):
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": data(place / "a.csv")})))
    assert line.startswith("W306 The data of the input 'x' of job 'a' is a file")
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": data(place / "a.csv", "mltable")})))
    assert line.startswith("E328 The data of the input 'x' of job 'a' is a file")
    (line,) = complaints(pipeline(node("a", FILE, {"x": data(place / "images", "uri_file")})))
    assert line.startswith("E328 The data of the input 'x' of job 'a' is a folder")
    assert complaints(pipeline(node("a", FOLDER, {"x": data(place / "a.csv", "custom_model")}))) == []


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\udcffb", "a\0b", "\x7f"])
def test_names_that_cannot_be_carried(place, name):
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": data(f"{place}/{name}")})))
    assert line.startswith("E329 The path of the input 'x' of job 'a' has a character that a bundle cannot carry")


@pytest.mark.parametrize("name", ["a b", "ä", "$HOME", "it's", 'a"b', "a:b", "#", "a\\b", "{x}", "%", "日本"])
def test_names_that_can(place, name):
    (place / name).mkdir()
    assert complaints(pipeline(node("a", FOLDER, {"x": data(place / name)}))) == []


def elsewhere(uri, type_="uri_folder"):
    """What is said of an input that is given what it wants."""
    kind = component(inputs={"x": type_})
    return complaints(pipeline(node("a", kind, {"x": Data(uri=uri, type=PortType(type_))})))


@pytest.mark.parametrize(
    ("uri", "type_"),
    [
        ("https://example.com/a.csv", "uri_file"),
        ("http://example.com:8080/a b.csv?raw=1", "uri_file"),
        ("https://example.com/model", "custom_model"),
        ("wasbs://c@a.blob.core.windows.net/p/x.csv", "uri_file"),
        ("wasbs://c@a.blob.core.windows.net/p", "uri_folder"),
        ("wasb://c@a.blob.core.windows.net", "uri_folder"),
        ("abfss://f@a.dfs.core.windows.net/p/", "mltable"),
        ("https://a.blob.core.windows.net/c/p/", "uri_folder"),
        ("HTTPS://example.com/A.csv", "uri_file"),
    ],
)
def test_data_elsewhere_that_a_step_fetches(uri, type_):
    assert elsewhere(uri, type_) == []


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("adl://store.azuredatalakestore.net/x", "reads https, http, wasbs, wasb, abfss, abfs, not adl."),
        ("s3://bucket/x", "not s3. Download it and name the local path"),
        ("git+https://example.com/x", "not git+https."),
        ("wasbss://c@a.blob.core.windows.net/x", "Did you mean 'wasbs'?"),
    ],
)
def test_data_elsewhere_that_nothing_reads(uri, words):
    (line,) = elsewhere(uri)
    assert line.startswith(f"E512 The data of the input 'x' of job 'a' cannot be fetched: {uri!r}.")
    assert words in line


@pytest.mark.parametrize(
    ("uri", "type_", "words"),
    [
        ("wasbs://a.blob.core.windows.net/c/p", "uri_folder", "wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/PATH"),
        ("abfss://a.dfs.core.windows.net/p", "uri_folder", "abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH"),
        ("https:///a.csv", "uri_file", "It names no host"),
        ("https://[::1/a.csv", "uri_file", "It cannot be read"),
        ("https://host:port/a.csv", "uri_file", "It cannot be read"),
        ("https://example.com/data/", "uri_file", "It names a folder"),
        ("wasbs://c@a.blob.core.windows.net", "uri_file", "It names a folder"),
        ("https://example.com/data/", "uri_folder", "Web servers list no folders"),
    ],
)
def test_addresses_that_are_none(uri, type_, words):
    (line,) = elsewhere(uri, type_)
    assert line.startswith("E515 The data of the input 'x' of job 'a' has no good address: ")
    assert words in line


@pytest.mark.parametrize("mode", [None, Mode.DIRECT])
def test_an_address_that_no_bundle_can_hold(mode):
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": remote("https://example.com/\ud800", mode)})))
    assert line.startswith("E329 The address of the input 'x' of job 'a' has a character that a bundle cannot carry")


def test_a_folder_on_a_web_server_is_one_file():
    (line,) = elsewhere("https://example.com/a.csv")
    assert line.startswith("W504 The data of the input 'x' of job 'a' is a folder on a web server")


def test_a_file_elsewhere_for_a_folder_and_a_folder_for_a_file():
    uri = "wasbs://c@a.blob.core.windows.net/p"
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": Data(uri=uri, type=PortType.URI_FILE)})))
    assert line.startswith("W306 The input 'x' of job 'a' is a uri_folder, but gets one file")
    (line,) = complaints(pipeline(node("a", FILE, {"x": Data(uri=uri, type=PortType.URI_FOLDER)})))
    assert line.startswith("E320 The input 'x' of job 'a' is a uri_file, but gets a folder")


@pytest.mark.parametrize(
    ("uri", "public"),
    [
        ("https://a.blob.core.windows.net/c/x.csv?sv=2&sig=abc", "https://a.blob.core.windows.net/c/x.csv"),
        ("https://me:pass@example.com/x.csv", "https://example.com/x.csv"),
        ("https://example.com/x.csv?token=abc", "https://example.com/x.csv"),
        ("https://example.com/x.csv?raw=1", "https://example.com/x.csv?raw=1"),
        ("wasbs://c@a.blob.core.windows.net/x.csv", "wasbs://c@a.blob.core.windows.net/x.csv"),
    ],
)
def test_a_secret_in_an_address_is_left_out(uri, public):
    assert without_secrets(uri) == public
    said = [line[:4] for line in elsewhere(uri, "uri_file")]
    assert said == ([] if uri == public else ["W503"])


@pytest.mark.parametrize(
    ("uri", "type_", "missed"),
    [
        ("azureml://datastores/d/paths/p/q", "uri_folder", DatastorePath(datastore="d", path="p/q")),
        ("azureml:mnist:1", "uri_folder", AssetName(kind=AssetKind.DATA, name="mnist", version="1")),
        ("azureml:net@latest", "mlflow_model", AssetName(kind=AssetKind.MODEL, name="net")),
        (
            "azureml://registries/azureml/models/net/versions/2",
            "custom_model",
            AssetName(kind=AssetKind.MODEL, name="net", version="2", registry="azureml"),
        ),
        (
            "azureml://jobs/j/outputs/o",
            "uri_folder",
            AssetName(kind=AssetKind.DATA, name="azureml://jobs/j/outputs/o"),
        ),
    ],
)
def test_data_by_name_that_nobody_knows_is_missed(uri, type_, missed):
    names = Missed()
    use = node("a", component(inputs={"x": type_}), {"x": Data(uri=uri, type=PortType(type_))})
    assert complaints(pipeline(use), context(names=names)) == []
    assert names.missed == [missed]


def test_data_elsewhere_is_fine_as_text():
    direct = component(inputs={"x": InputPort(name="x", type=PortType.URI_FOLDER, mode=Mode.DIRECT)})
    uri = "https://example.com/x"
    assert complaints(pipeline(node("a", FOLDER, {"x": remote(uri, Mode.DIRECT)}))) == []
    assert complaints(pipeline(node("a", direct, {"x": remote(uri)}))) == []


def test_data_elsewhere_through_nested_pipelines():
    direct = component(inputs={"x": InputPort(name="x", type=PortType.URI_FOLDER, mode=Mode.DIRECT)})

    def said(step, **ref):
        inner = pipeline(node("s", step, {"x": PipelineInputRef(name="d", **ref)}), inputs={"d": "uri_folder"})
        top = node("i", inner, {"d": given("raw")})
        values = {"raw": remote("s3://bucket/x")}
        return [line[:4] for line in complaints(pipeline(top, inputs={"raw": "uri_folder"}, values=values))]

    assert said(FOLDER) == ["E512"]
    assert said(direct) == []
    assert said(FOLDER, mode=Mode.DIRECT) == []


def test_data_elsewhere_that_nobody_uses():
    values = {"raw": remote("https://example.com/x")}
    assert complaints(pipeline(node("a", component()), inputs={"raw": "uri_folder"}, values=values)) == []
