from dataclasses import replace
from pathlib import Path

import pytest

from mlc.diagnostics import Bag
from mlc.ir.plan import PlanInput
from mlc.ir.types import PortType
from mlc.runner.inputs import check_values, overrides, variables

from .plans import EPOCHS, RAW, plan


def of(type_, *, optional=False, value="1"):
    return PlanInput(name="x", variable="INPUT_X", type=type_, value=value, optional=optional)


def given(item, text, cwd=Path("/")):
    bag = Bag()
    return overrides(plan(inputs=(item,)), [f"x={text}"], cwd, bag).get("x"), " ".join(
        found.text for found in bag.items
    )


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (PortType.INTEGER, "3"),
        (PortType.INTEGER, "-3"),
        (PortType.NUMBER, "0.5"),
        (PortType.NUMBER, "1e-3"),
        (PortType.BOOLEAN, "true"),
        (PortType.BOOLEAN, "False"),
        (PortType.STRING, ""),
        (PortType.STRING, "a=b c\n$HOME 'é'"),
    ],
)
def test_values_that_do(type_, text):
    assert given(of(type_), text) == (text, "")


@pytest.mark.parametrize(
    ("type_", "text", "words"),
    [
        (PortType.INTEGER, "3.5", "whole number"),
        (PortType.INTEGER, "", "whole number"),
        (PortType.INTEGER, "1_000", "whole number"),
        (PortType.INTEGER, " 1", "whole number"),
        (PortType.NUMBER, "nan", "number"),
        (PortType.NUMBER, "1e999", "number"),
        (PortType.NUMBER, "ten", "number"),
        (PortType.BOOLEAN, "yes", "true or false"),
        (PortType.STRING, "a\0b", "null"),
        (PortType.URI_FOLDER, "gone", "There is no /gone"),
        (PortType.URI_FOLDER, "azureml://x", "local"),
        (PortType.URI_FOLDER, "/etc/passwd", "/etc/passwd is a file"),
        (PortType.URI_FILE, "/etc", "/etc is a folder"),
        (PortType.URI_FOLDER, "a\0b", "There is no"),
        (PortType.URI_FOLDER, "a" * 5000, "long"),
    ],
)
def test_values_that_do_not(type_, text, words):
    value, told = given(of(type_), text)
    assert value is None
    assert words in told


def test_an_optional_input_may_be_given_as_nothing():
    assert given(of(PortType.INTEGER, optional=True), "") == ("", "")


def test_data_becomes_absolute(tmp_path):
    (tmp_path / "sub").mkdir()
    assert given(of(PortType.URI_FOLDER), "sub/../sub", tmp_path) == (str(tmp_path / "sub"), "")


def test_an_unknown_name_gets_the_nearest_one():
    bag = Bag()
    assert overrides(plan(inputs=(EPOCHS, RAW)), ["epoch=3", "nonsense"], Path("/"), bag) == {}
    told = [item.text for item in bag.items]
    assert told[0] == "There is no input 'epoch'. The pipeline's inputs are epochs, raw. Did you mean 'epochs'?"
    assert "NAME=VALUE" in told[1]
    assert {item.code for item in bag.items} == {"E653"}


def test_variables_hold_what_was_given_over_what_the_plan_says(tmp_path):
    bundle = tmp_path / "out" / "p"
    found = variables(plan(inputs=(EPOCHS, RAW)), bundle, {"epochs": "1"})
    assert found == {"INPUT_EPOCHS": "1", "INPUT_RAW": str(tmp_path / "out" / "data")}


def test_what_has_no_value_is_the_empty_text():
    assert variables(plan(inputs=(of(PortType.STRING, value=None),)), Path("/b"), {}) == {"INPUT_X": ""}


def test_a_missing_value_and_missing_data_stop_the_run(tmp_path):
    inputs = (replace(EPOCHS, value=None), RAW, of(PortType.STRING, value=None, optional=True))
    bag = Bag()
    pipeline = plan(inputs=inputs)
    check_values(pipeline, variables(pipeline, tmp_path / "p", {}), bag)
    assert [item.what for item in bag.items] == [
        "The input epochs has no value",
        "The data of the input raw is not there",
    ]
