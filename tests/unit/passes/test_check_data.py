"""Local data that is there, and data that is elsewhere."""

import pytest
from tests.support.ir import complaints, component, context, data, given, node, pipeline

from mlc.ir.asset import AssetKind, AssetName, DatastorePath, NoNames
from mlc.ir.component import InputPort
from mlc.ir.pipeline import Data, PipelineInputRef
from mlc.ir.types import Mode, PortType


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


@pytest.mark.parametrize(
    ("uri", "code", "words"),
    [
        ("https://example.com/a.csv", "E512", "It is on another machine"),
        ("wasbs://c@a.blob.core.windows.net/p", "E512", "It is in Azure storage"),
        ("abfss://f@a.dfs.core.windows.net/p", "E512", "It is in Azure storage"),
        ("s3://bucket/x", "E512", "It is on another machine"),
    ],
)
def test_data_elsewhere(uri, code, words):
    (line,) = complaints(pipeline(node("a", FOLDER, {"x": remote(uri)})))
    assert line.startswith(f"{code} The data of the input 'x' of job 'a' is not on this machine: {uri!r}.")
    assert words in line


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
        values = {"raw": remote("https://example.com/x")}
        return [line[:4] for line in complaints(pipeline(top, inputs={"raw": "uri_folder"}, values=values))]

    assert said(FOLDER) == ["E512"]
    assert said(direct) == []
    assert said(FOLDER, mode=Mode.DIRECT) == []


def test_data_elsewhere_that_nobody_uses():
    values = {"raw": remote("https://example.com/x")}
    assert complaints(pipeline(node("a", component()), inputs={"raw": "uri_folder"}, values=values)) == []
