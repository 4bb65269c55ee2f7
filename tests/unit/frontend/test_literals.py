"""mlc.frontend.yaml.literals: what a command gets for a YAML scalar (azureml.md A1.1, A3)."""

import pytest
import yaml

from mlc.diagnostics import Bag
from mlc.frontend.yaml.compose import compose
from mlc.frontend.yaml.literals import default_text, literal, surprise, unfit
from mlc.frontend.yaml.located import Mapping, Scalar
from mlc.ir.types import PortType

STRING, NUMBER, INTEGER, BOOLEAN = PortType.STRING, PortType.NUMBER, PortType.INTEGER, PortType.BOOLEAN


def scalar(text: str) -> Scalar:
    found = compose(f"x: {text}", "f", Bag())
    assert isinstance(found, Mapping)
    node = found.entries["x"].value
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    ("port", "text", "expected"),
    [
        (NUMBER, "10", "10.0"),
        (NUMBER, "1e-5", "1e-05"),
        (NUMBER, "1.0e-05", "1e-05"),
        (NUMBER, "0.00005", "5e-05"),
        (NUMBER, "100000000", "100000000.0"),
        (NUMBER, "1e20", "1e+20"),
        (NUMBER, "'0.5'", "0.5"),
        (NUMBER, ".inf", None),
        (NUMBER, "'inf'", None),
        (NUMBER, "1e999", None),
        (NUMBER, "'_1'", None),
        (INTEGER, "'1_000'", "1000"),
        (NUMBER, "abc", None),
        (NUMBER, "true", None),
        (INTEGER, "3", "3"),
        (INTEGER, "3.0", "3"),
        (INTEGER, "3.5", None),
        (INTEGER, "'7'", "7"),
        (INTEGER, "1_000", "1000"),
        (INTEGER, "0x1f", "31"),
        (INTEGER, "-0b11", "-3"),
        (INTEGER, "007", "7"),
        (INTEGER, "abc", None),
        (INTEGER, "true", None),
        (INTEGER, ".nan", None),
        (BOOLEAN, "true", "True"),
        (BOOLEAN, "off", "False"),
        (BOOLEAN, "'true'", "True"),
        (BOOLEAN, "'FALSE'", "False"),
        (BOOLEAN, "1", None),
        (BOOLEAN, "'yes'", None),
        (STRING, "3", "3"),
        (STRING, "007", "007"),
        (STRING, "1_000", "1_000"),
        (STRING, "1e-3", "1e-3"),
        (STRING, "0.10", "0.10"),
        (STRING, "on", "on"),
        (STRING, "true", "True"),
        (STRING, "2024-01-01", None),
        (STRING, "'2024-01-01'", "2024-01-01"),
        (STRING, ".nan", None),
        (STRING, "12:30", "12:30"),
        (STRING, "'  a '", "  a "),
        (STRING, "", None),
        (STRING, "''", ""),
    ],
)
def test_defaults(port, text, expected):
    assert default_text(scalar(text), port) == expected


@pytest.mark.parametrize(
    ("text", "port", "expected", "kind"),
    [
        ("10", NUMBER, "10", INTEGER),
        ("10", None, "10", INTEGER),
        ("10.0", NUMBER, "10.0", NUMBER),
        ("0.00005", None, "5e-05", NUMBER),
        ("1e-5", NUMBER, "1e-5", STRING),
        ("007", None, "7", INTEGER),
        ("007", STRING, "007", INTEGER),
        ("007", INTEGER, "7", INTEGER),
        ("1_000", None, "1000", INTEGER),
        ("1_000", STRING, "1_000", INTEGER),
        ("12:30", None, "750", INTEGER),
        ("1:30.5", None, "90.5", NUMBER),
        ("010", None, "8", INTEGER),
        ("true", None, "True", BOOLEAN),
        ("no", None, "False", BOOLEAN),
        ("no", STRING, "no", BOOLEAN),
        ("'7'", INTEGER, "7", STRING),
        ("maybe", BOOLEAN, "maybe", STRING),
        ("9" * 500, INTEGER, "9" * 500, INTEGER),
        ("1e999999", NUMBER, "1e999999", STRING),
    ],
)
def test_values_that_are_given(text, port, expected, kind):
    found = literal(scalar(text), port)
    assert (found.text, found.type) == (expected, kind)


@pytest.mark.parametrize("text", ["0", "-0", "+3", "010", "-0x1F", "0b101", "1:30", "-1:30:00", "1_0", "685_230"])
def test_other_spellings_of_integers_have_yaml_s_value(text):
    assert default_text(scalar(text), INTEGER) == str(yaml.safe_load(text))


@pytest.mark.parametrize("text", ["1.5", ".5", "1_0.5", "1:30.5", "6.8523015e+5"])
def test_other_spellings_of_numbers_have_yaml_s_value(text):
    assert default_text(scalar(text), NUMBER) == repr(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "port", "read"),
    [
        ("007", STRING, "7"),
        ("007", None, "7"),
        ("007", INTEGER, "7"),
        ("1:30", None, "90"),
        ("1:30.5", None, "90.5"),
        ("1_000", STRING, "1000"),
        ("1_000", None, ""),
        ("1.10", STRING, "1.1"),
        ("1.10", None, ""),
        ("0x1f", NUMBER, ""),
        ("yes", STRING, "True"),
        ("OFF", STRING, "False"),
        ("yes", BOOLEAN, ""),
        ("true", STRING, ""),
        ("-5", STRING, ""),
        ("+5", STRING, ""),
        ("0", STRING, ""),
        ("1.5", STRING, ""),
        ("'007'", STRING, ""),
    ],
)
def test_where_yaml_reads_otherwise(text, port, read):
    assert surprise(scalar(text), port) == read


@pytest.mark.parametrize("text", ["2024-01-01", "2024-01-01T10:00:00Z", ".inf", "-.INF", ".nan", "1.0e+999"])
def test_values_of_no_input(text):
    assert unfit(scalar(text))
    assert not unfit(scalar(f"'{text}'"))
