"""Data and values, files and folders, text around data."""

import pytest
from tests.support.ir import complaints, component, data, given, joined, node, out, pipeline

from mlc.ir.types import PortType

MAKE = component("make", outputs={"folder": "uri_folder", "file": "uri_file", "text": "string", "n": "integer"})
DATA = ("uri_folder", "mltable", "mlflow_model", "triton_model")


def bound(value, kind, **rest):
    """What is said when an input of type ``kind`` gets ``value``."""
    return complaints(pipeline(node("make", MAKE), node("b", component(inputs={"x": kind}), {"x": value}), **rest))


@pytest.mark.parametrize("kind", [*DATA, "custom_model"])
@pytest.mark.parametrize("source", [*DATA, "custom_model"])
def test_folders_of_all_kinds_go_together(kind, source):
    make = component("make", outputs={"out": source})
    assert complaints(pipeline(node("m", make), node("b", component(inputs={"x": kind}), {"x": out("m")}))) == []


@pytest.mark.parametrize(("output", "kind"), [("file", "uri_file"), ("file", "custom_model"), ("text", "string")])
def test_what_fits(output, kind):
    assert bound(out("make", output), kind) == []


def test_a_file_for_a_folder():
    assert bound(out("make", "file"), "uri_folder") == [
        "E320 The input 'x' of job 'b' is a uri_folder, but gets a uri_file. The output 'file' of job 'make' "
        "is one file, and the step would look for a folder. Declare the same type at both ends."
    ]


def test_a_file_that_the_author_names_for_a_folder_is_what_the_service_allows():
    assert bound(given("d"), "uri_folder?", inputs={"d": "uri_file?"}) == [
        "W306 The input 'x' of job 'b' is a uri_folder, but gets a uri_file. The command gets the path of that one "
        "file. Declare it as uri_file, if a file is meant."
    ]


def test_a_folder_for_a_file():
    assert [line[:4] for line in bound(out("make", "folder"), "uri_file")] == ["E320"]
    assert [line[:4] for line in bound(given("d"), "uri_file?", inputs={"d": "mltable?"})] == ["E320"]


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean"])
def test_data_for_a_value(kind):
    (line,) = bound(out("make", "folder"), kind)
    assert line.startswith(
        f"E319 The input 'x' of job 'b' is a value ({kind}), but gets data. The output 'folder' of job 'make' is data"
    )


@pytest.mark.parametrize(("value", "said"), [(3, "the integer '3'"), (True, "the boolean 'True'"), ("./d", "string")])
def test_a_value_for_data(value, said):
    (line,) = bound(value, "uri_folder")
    assert line.startswith("E318 The input 'x' of job 'b' is data (uri_folder), but gets the ")
    assert said in line
    assert "{type: uri_folder, path: ./...} in YAML, Input(type='uri_folder', path='./...') in Python" in line


def test_a_primitive_output_for_data():
    assert [line[:4] for line in bound(out("make", "text"), "uri_file")] == ["E318"]


def test_a_pipeline_input_whose_value_is_of_another_nature(tmp_path):
    assert [line[:4] for line in bound("x", "string", inputs={"d": "uri_folder"}, values={"d": "./src"})] == ["E318"]
    found = bound("x", "string", inputs={"d": "string"}, values={"d": data(tmp_path)})
    assert [line[:4] for line in found] == ["E319"]


def test_types_are_seen_through_nested_pipelines():
    inner = pipeline(node("m", MAKE, outputs={"file": "res"}), outputs=("res",), name="inner")
    outer = pipeline(node("i", inner, outputs={"res": "res2"}), outputs=("res2",), name="outer")
    use = component(inputs={"x": "uri_folder"})
    found = complaints(pipeline(node("o", outer), node("b", use, {"x": out("o", "res2")})))
    assert [line[:4] for line in found] == ["E320"]


def test_paths_below_data():
    folder = out("make", "folder")
    assert bound(joined(folder, "/sub/x.csv"), "uri_file") == []
    assert bound(joined(folder, "/sub"), "uri_folder") == []
    assert bound(joined(folder, "/", out("make", "text"), ".csv"), "uri_file") == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (joined("pre", out("make", "folder")), "The data must come first"),
        (joined(out("make", "folder"), out("make", "folder")), "The data must come first, and once"),
        (joined(out("make", "folder"), out("make", "text")), "A path below data begins with a slash"),
        (joined(out("make", "folder"), "/../", out("make", "text")), "is not a plain path"),
        (joined(out("make", "folder"), "/", out("make", "folder")), "The data must come first, and once"),
        (joined(out("make", "file"), "/x"), "The output 'file' of job 'make' is one file"),
        (joined(out("make", "folder"), "x"), "A path below data begins with a slash, 'x' does not"),
        (joined(out("make", "folder"), "/../x"), "'/../x' is not a plain path"),
        (joined(out("make", "folder"), "//etc"), "'//etc' is not a plain path"),
        (joined(out("make", "folder"), "/a\nb"), "is not a plain path"),
    ],
)
def test_text_around_data_that_makes_no_path(value, why):
    (line,) = bound(value, "uri_folder")
    assert line.startswith("E330 The input 'x' of job 'b' puts text around data in a way that makes no path. ")
    assert why in line


def test_joined_values():
    assert bound(joined("pre-", out("make", "text"), out("make", "n")), "string") == []
    assert [line[:4] for line in bound(joined("pre-", out("make", "text")), "uri_folder")] == ["E318"]
    assert [line[:4] for line in bound(joined(out("make", "folder"), "/x"), "string")] == ["E319"]


def test_a_type_that_is_set_on_the_output_counts():
    from dataclasses import replace

    make = node("m", MAKE, outputs={"folder": ""})
    make = replace(make, outputs=(replace(make.outputs[0], type=PortType.URI_FILE),))
    assert complaints(pipeline(make, node("b", component(inputs={"x": "uri_file"}), {"x": out("m", "folder")}))) == []
