"""Data that is named becomes data that is somewhere."""

from dataclasses import replace
from typing import Any

import pytest
from tests.support.ir import checked, component, context, node, pipeline

from mlc.ir.asset import AssetKind, AssetName, DatastorePath, Location, NoNames
from mlc.ir.pipeline import Data, OutputBinding, PipelineInputRef, PipelineOutput, Settings
from mlc.ir.types import Mode, PortType

FOLDER = component(inputs={"x": "uri_folder"}, outputs={"o": "uri_folder"})


class Known(NoNames):
    """Knows some places, and remembers what it was asked."""

    def __init__(self, **places):
        self.places, self.asked = places, []

    def data(self, wanted):
        self.asked.append(wanted)
        key = wanted.datastore if isinstance(wanted, DatastorePath) else wanted.name
        found = self.places.get(key)
        if found is None:
            return None
        rest = f"/{wanted.path}" if isinstance(wanted, DatastorePath) else ""
        local = f"{found}{rest}" if found.startswith("/") else None
        return Location(uri=f"{found}{rest}", local=local, origin="data.yml")


def resolved(tmp_path, value, **places):
    found, codes = checked(pipeline(node("a", FOLDER, {"x": value})), context(names=Known(**places)))
    return found.nodes[0].inputs[0].value, codes


def test_a_name_that_stands_for_a_folder_keeps_its_name(tmp_path):
    value, codes = resolved(tmp_path, Data(uri="azureml:mnist:1", mode=Mode.DOWNLOAD), mnist=str(tmp_path))
    assert codes == []
    assert value == Data(uri="azureml:mnist:1", local=str(tmp_path), mode=Mode.DOWNLOAD)
    assert value.origin == "data.yml"


def test_what_is_missing_there_says_who_sent_it_there(tmp_path):
    around = context(names=Known(mnist=str(tmp_path / "gone")))
    assert checked(pipeline(node("a", FOLDER, {"x": Data(uri="azureml:mnist:1")})), around)[1] == ["E327"]
    (item,) = around.bag.items
    assert item.why == f"It stands for '{tmp_path / 'gone'}', as data.yml says"


@pytest.mark.parametrize(
    ("uri", "place", "expected"),
    [
        ("azureml:mnist:1", "https://h/mnist", "https://h/mnist"),
        (
            "azureml://datastores/mnist/paths/a/b",
            "abfss://f@a.dfs.core.windows.net",
            "abfss://f@a.dfs.core.windows.net/a/b",
        ),
    ],
)
def test_a_name_that_stands_for_a_url_becomes_it(tmp_path, uri, place, expected):
    value, _ = resolved(tmp_path, Data(uri=uri, mode=Mode.DIRECT), mnist=place)
    assert (value.uri, value.local) == (expected, None)


def test_what_nobody_knows_stays_as_text(tmp_path):
    value, codes = resolved(tmp_path, Data(uri="azureml:mnist:1", mode=Mode.DIRECT))
    assert (value.uri, value.local, codes) == ("azureml:mnist:1", None, [])


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("uri_folder", "data"), ("mltable", "data"), ("mlflow_model", "model"), ("custom_model", "model")],
)
def test_the_type_says_whether_it_is_a_model(type_, kind):
    names = Known()
    data = Data(uri="azureml:net@latest", type=PortType(type_), mode=Mode.DIRECT)
    checked(pipeline(node("a", component(inputs={"x": type_}), {"x": data})), context(names=names))
    assert names.asked[0] == AssetName(kind=AssetKind(kind), name="net")


def test_inputs_of_the_pipeline_and_nested_jobs(tmp_path):
    inner = pipeline(node("s", FOLDER, {"x": Data(uri="azureml:deep")}), name="inner")
    top = pipeline(
        node("a", FOLDER, {"x": PipelineInputRef(name="d")}),
        node("b", inner),
        inputs={"d": "uri_folder"},
        values={"d": Data(uri="azureml:top:2")},
    )
    found: Any
    found, codes = checked(top, context(names=Known(deep=str(tmp_path), top=str(tmp_path))))
    assert codes == []
    assert found.inputs[0].value.local == str(tmp_path)
    assert found.nodes[1].pipeline.nodes[0].inputs[0].value.local == str(tmp_path)


@pytest.mark.parametrize(
    ("path", "default", "expected"),
    [
        ("azureml://datastores/out/paths/a/${{name}}", None, "/results/a/${{name}}"),
        ("azureml://datastores/${{default_datastore}}/paths/x", "out", "/results/x"),
        ("azureml://datastores/${{ default_datastore }}/paths/x", "azureml:out", "/results/x"),
        ("azureml://datastores/${{default_datastore}}/paths/x", None, "/blob/x"),
        ("azureml://datastores/other/paths/x", None, "azureml://datastores/other/paths/x"),
        ("./here", None, "./here"),
        (None, None, None),
    ],
)
def test_paths_of_outputs(path, default, expected):
    step = node("a", FOLDER, {"x": Data(uri="azureml:t", mode=Mode.DIRECT)})
    step = replace(step, outputs=(OutputBinding(name="o", path=path, promoted_to=("r",)),))
    top = replace(
        pipeline(step), outputs=(PipelineOutput(name="r", path=path),), settings=Settings(default_datastore=default)
    )
    from mlc.passes.resolve_data import resolve_data

    found = resolve_data(top, context(names=Known(out="/results", workspaceblobstore="/blob")))
    for output in (found.outputs[0], found.nodes[0].outputs[0]):
        assert (output.delivery or output.path) == expected
        assert output.path == path


def test_a_pipeline_without_names_stays_itself(tmp_path):
    from mlc.passes.resolve_data import resolve_data

    names = Known()
    top = pipeline(node("a", FOLDER, {"x": Data(uri=str(tmp_path), local=str(tmp_path))}))
    assert resolve_data(top, context(names=names)) is top
    assert names.asked == []
