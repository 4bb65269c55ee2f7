"""mlc.cli.console: colour where it is wanted, nothing of a user's file that moves the cursor."""

import io
from pathlib import Path

import pytest

from mlc.cli import console
from mlc.cli.console import Style
from mlc.diagnostics import Diagnostic, Span


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "environment", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "xterm"}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (False, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_environment(terminal, environment, colour):
    stream = Terminal() if terminal else io.StringIO()
    assert console.wants_colour(stream, environment) is colour


def test_a_closed_stream_is_no_terminal():
    stream = io.StringIO()
    stream.close()
    assert not console.is_terminal(stream)


def test_paint_leaves_plain_streams_plain(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert console.paint("x", Style.BAD, io.StringIO()) == "x"
    assert console.paint("x", Style.BAD, Terminal()) == "\x1b[1;31mx\x1b[0m"


def test_control_characters_become_visible():
    assert console.printable("a\x1b[2J\r\x07\tb\nü\x9b") == "a\\x1b[2J\\x0d\\x07\tb\nü\\x9b"


def test_diagnostics_colour_the_severity_only(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    item = Diagnostic("E101", Span("/a/b\x1b.yml", 1, 1), "No \x1b[31mway")
    console.diagnostics([item], {"/a/b\x1b.yml": "k\x07: v"}, Path("/a"))
    assert capsys.readouterr().err == (
        "b\\x1b.yml:1:1: \x1b[1;31merror[E101]:\x1b[0m No \\x1b[31mway.\n    1 | k\\x07: v\n      | ^\n"
    )


def test_tables_are_aligned():
    assert console.table([("a", "bbb", ""), ("cccc", "d", "e")]) == ["a     bbb", "cccc  d    e"]
    assert console.table([]) == []


def test_counting():
    assert [console.count(number, "step") for number in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]
