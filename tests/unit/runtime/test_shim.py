"""The Python shim in every Python that can be found: typed arguments, outputs, returned values."""

import pytest
from tests.unit.runtime.shim import Shim

EVERYTHING = """
from enum import Enum
from pathlib import Path

from mldesigner import command_component, Input, Output

class Mode(Enum):
    fast = "fast"
    slow = "slow"

@command_component(
    name="prep_it", version="3", display_name="Prep It", is_deterministic=False, tags={"k": "v"},
    environment=dict(conda_file=Path(__file__).parent / "conda.yaml", image="x"),
    distribution={"type": "pytorch"}, resources={"instance_count": 2}, code="./",
)
def prep_func(
    inp: Input(type="uri_folder", description="d"), f: Input(type="uri_file", optional=True),
    out1: Output(type="uri_folder"), out2: Output(type="uri_file", mode="upload"), plain: Input,
    lim: Input(type="integer", min=1, max=10) = 5, opt_num: Input(type="number", optional=True) = None,
    m: Mode = Mode.fast, es: Input(type="string", enum=["x", "y"]) = "x", flag: Input(type="boolean") = True,
    ratio: float = 0.5, text="t", count=3, yes=True,
):
    print(repr([inp, f, out1, out2, plain, lim, opt_num, m, es, flag, ratio, text, count, yes]))
"""
REQUIRED = ["--inputs", "inp=/x", "plain=p"]
OUTPUTS = ["--outputs", "out1=a/b", "out2=c/d.txt"]


def test_values_have_their_types(shim: Shim) -> None:
    shim.write(EVERYTHING)
    more = [
        "f=/f",
        "lim=10.0",
        "opt_num=1",
        "m=slow",
        "es=y",
        "flag=false",
        "ratio=2",
        "text=a=b c",
        "count=7",
        "yes=0",
    ]
    shown = shim.prints("prep_it", *REQUIRED, *more, *OUTPUTS)
    expected = ["/x", "/f", "a/b", "c/d.txt", "p", 10, 1.0, "slow", "y", False, 2.0, "a=b c", 7, False]
    assert shown == repr(expected)
    assert (shim.folder / "a/b").is_dir()
    assert (shim.folder / "c").is_dir()
    assert not (shim.folder / "c/d.txt").exists()


def test_what_is_not_given(shim: Shim) -> None:
    shim.write(EVERYTHING)
    shown = shim.prints("prep_func", *REQUIRED)
    assert shown.startswith(
        "['/x', None, 'out1', 'out2', 'p', 5, None, <Mode.fast: 'fast'>, 'x', True, 0.5, 't', 3, True]"
    )
    assert (shim.folder / "out1").is_dir()


def test_empty_values(shim: Shim) -> None:
    shim.write(EVERYTHING)
    shown = shim.prints("prep_it", *REQUIRED, "text=", "f=", "opt_num=", *OUTPUTS)
    assert shown == repr(["/x", None, "a/b", "c/d.txt", "p", 5, None, 0, "x", True, 0.5, "", 3, True]).replace(
        "None, 0,", "None, <Mode.fast: 'fast'>,"
    )


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("lim=11", "the input lim must be at least 1 and at most 10, not 11"),
        ("lim=0", "the input lim must be at least 1 and at most 10, not 0"),
        ("lim=2.5", "the input lim must be a whole number, not '2.5'"),
        ("lim=", "the input lim must be a whole number, not ''"),
        ("lim=inf", "the input lim must be a whole number, not 'inf'"),
        ("opt_num=x", "the input opt_num must be a number, not 'x'"),
        ("flag=yes", "the input flag must be true or false, not 'yes'"),
        ("es=z", "the input es must be one of 'x', 'y', not 'z'"),
        ("m=medium", "the input m must be one of 'fast', 'slow', not 'medium'"),
    ],
)
def test_wrong_values_are_errors_in_words(one: Shim, word: str, message: str) -> None:
    one.write(EVERYTHING)
    assert one.fails("prep_it", *REQUIRED, word) == f"mlc: error: prep_it: {message}"


def test_missing_values_are_all_named(one: Shim) -> None:
    one.write(EVERYTHING)
    assert one.fails("prep_it") == "mlc: error: prep_it: no value is given for inp, plain"


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("True", True), ("1", True), ("FALSE", False), ("0", False)]
)
def test_booleans(one: Shim, text: str, value: bool) -> None:
    one.write("from mlc import command_component\n@command_component\ndef f(b: bool):\n    print(b)")
    assert one.prints("f", "--inputs", f"b={text}") == str(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("10", 10), ("10.0", 10), ("-3", -3), ("1e3", 1000), ("123456789012345678901", 123456789012345678901)],
)
def test_integers(one: Shim, text: str, value: int) -> None:
    one.write("from mlc import command_component\n@command_component\ndef f(n: int):\n    print(n)")
    assert one.prints("f", "--inputs", f"n={text}") == str(value)


RETURNS = """
from enum import Enum
from mldesigner import command_component, Output
@command_component
def f(x: str) -> {annotation}:
    return {value}
"""


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        ("int", "4", "4"),
        ("int", "4.0", "4"),
        ("int", "True", "1"),
        ("float", "0.1 + 0.2", "0.30000000000000004"),
        ("float", "3", "3"),
        ("bool", "x == 'a'", "True"),
        ("bool", "0", "False"),
        ("str", "'ü ' + x + chr(10)", "ü a\n"),
        ("str", "Enum('E', 'a')['a'].name", "a"),
        ("str", "''", ""),
        ("Output(type='integer')", "7", "7"),
        ("'int'", "5", "5"),
    ],
)
def test_returned_values_become_files(one: Shim, annotation: str, value: str, text: str) -> None:
    one.write(RETURNS.format(annotation=annotation, value=value))
    assert one.prints("f", "--inputs", "x=a", "--outputs", "output=deep/out") == ""
    assert (one.folder / "deep/out").read_bytes().decode() == text


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        ("int", "'x'", "mlc: error: f: the output output must be a whole number, not 'x'"),
        ("int", "None", "mlc: error: f returned no value for its output 'output'"),
        ("bool", "'maybe'", "mlc: error: f: the output output must be true or false, not 'maybe'"),
        (
            "Output(type='uri_file')",
            "'nope'",
            "mlc: error: f: the output output is the path 'nope', which does not exist",
        ),
    ],
)
def test_returned_values_of_the_wrong_kind(one: Shim, annotation: str, value: str, message: str) -> None:
    one.write(RETURNS.format(annotation=annotation, value=value))
    assert one.fails("f", "--inputs", "x=a") == message


def test_a_returned_value_that_was_not_declared(one: Shim) -> None:
    one.write("from mlc import command_component\n@command_component\ndef f():\n    return 3")
    ran = one.run("f")
    assert (ran.returncode, ran.stderr) == (0, "mlc: warning: f returned a value, but declares none; it is ignored\n")


def test_returned_paths_are_moved(shim: Shim) -> None:
    shim.write(
        """
        import os
        from mldesigner import command_component, Output
        @command_component
        def file(x: str) -> Output(type="uri_file"):
            open("made.txt", "w").write(x)
            return "made.txt"
        @command_component
        def folder(x: str) -> Output(type="uri_folder"):
            os.makedirs("made/sub")
            open("made/sub/a", "w").write(x)
            return "made"
        """
    )
    shim.prints("file", "--inputs", "x=1", "--outputs", "output=o/there.txt")
    assert (shim.folder / "o/there.txt").read_text() == "1"
    (shim.folder / "mounted").mkdir()
    shim.prints("folder", "--inputs", "x=2", "--outputs", "output=mounted")
    assert (shim.folder / "mounted/sub/a").read_text() == "2"


def test_a_returned_group_is_an_output_per_field(shim: Shim) -> None:
    shim.write(
        """
        from mldesigner import command_component
        from mldesigner.dsl import group as unused
        from mlc import group
        @group
        class Result:
            best: float
            count: int = 2
        @command_component
        def f() -> Result:
            return Result(best=0.5)
        """
    )
    shim.prints("f", "--outputs", "best=o/b", "count=o/c")
    assert [(shim.folder / "o" / name).read_text() for name in "bc"] == ["0.5", "2"]


def test_the_expression_component_of_the_sdk(shim: Shim) -> None:
    shim.write(
        """
        from mldesigner import Output, command_component
        @command_component(display_name="Expression: n + m")
        def expression_func(m: float, n: int) -> Output(type="number"):
            return n + m
        """,
        "expression_component.py",
    )
    words = ["--inputs", "m=0.5", "n=2", "--outputs", "output=out"]
    assert shim.run("expression_func", *words, source="expression_component.py").returncode == 0
    assert (shim.folder / "out").read_text() == "2.5"
