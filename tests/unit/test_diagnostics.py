"""How messages look, where they point, in which order they come."""

from pathlib import Path

import pytest

from mlc.codes import CODES, Code
from mlc.diagnostics import Bag, Diagnostic, Span, gathered, place, render


def test_the_printed_form(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("jobs:\n  train:\n    component: x.yml\n")
    bag = Bag()
    bag.add("E101", Span(str(file), 3, 16), "x.yml is not there", why="A path is relative to its YAML", fix="Write it")
    assert render(bag.sorted(), {}, tmp_path) == (
        "p.yml:3:16: error[E101]: x.yml is not there. A path is relative to its YAML. Write it.\n"
        "    3 |     component: x.yml\n"
        "      |                ^\n"
    )


def test_tabs_keep_the_caret_in_place(tmp_path: Path) -> None:
    bag = Bag()
    bag.remember("cell", "if x:\n\ty = 1\n")
    item = Diagnostic("E101", Span("cell", 2, 2), "w")
    assert render([item], bag.sources, tmp_path).splitlines()[1:] == ["    2 |     y = 1", "      |     ^"]


@pytest.mark.parametrize("span", [Span(""), Span("gone.yml", 3, 1), Span("cell", 99, 1), Span("cell", 1, 99)])
def test_a_place_that_cannot_be_shown_is_no_failure(span: Span, tmp_path: Path) -> None:
    assert "error[E101]: w." in render([Diagnostic("E101", span, "w")], {"cell": "x"}, tmp_path)


def test_cells_come_in_their_order() -> None:
    bag = Bag()
    for number in (10, 9, 1):
        bag.add("E101", Span(f"a.ipynb:cell {number}", 1, 1), "w")
    assert [item.span.file[-2:] for item in bag.sorted()] == [" 1", " 9", "10"]


def test_sorted_by_place_without_repeats() -> None:
    bag = Bag()
    for span in (Span("b", 1, 1), Span("a", 10, 1), Span("a", 2, 1), Span("a", 10, 1)):
        bag.add("E101", span, "w")
    assert [item.span for item in bag.sorted()] == [Span("a", 2, 1), Span("a", 10, 1), Span("b", 1, 1)]


def test_paths_below_the_base_are_relative(tmp_path: Path) -> None:
    assert place(Span(f"{tmp_path}/x/y.py", 4, 2), tmp_path) == "x/y.py:4:2"
    assert place(Span("/elsewhere/y.py", 4), tmp_path) == "/elsewhere/y.py:4"


def test_a_code_must_be_in_the_table() -> None:
    with pytest.raises(AssertionError, match="E999"):
        Bag().add("E999", Span(""), "w")


def test_warnings_do_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CODES, "W999", Code("W999", "a warning"))
    bag = Bag()
    bag.add("W999", Span(""), "w")
    assert not bag.has_errors
    bag.add("E101", Span(""), "w")
    assert bag.has_errors


def test_what_is_said_of_many_jobs_is_shown_once():
    items = [Diagnostic("E313", Span("p.yml", line), f"Job 'j{line}' gets no input 'x'") for line in range(1, 8)]
    (first,) = gathered(items)
    assert first.what == "Job 'j1' gets no input 'x'"
    assert [span.line for span in first.also] == [2, 3, 4, 5, 6, 7]
    printed = render([first], {"p.yml": "a\n"}, Path("/"))
    assert printed.endswith("      = The same for 6 more jobs: p.yml:2, p.yml:3, p.yml:4, ...\n")


def test_a_few_places_are_shown_one_by_one():
    items = [Diagnostic("E101", Span("p.yml", line), "File 'a' does not exist") for line in range(1, 6)]
    assert gathered(items) == items


def test_many_times_at_one_place():
    items = [Diagnostic("E313", Span("p.py", 6), f"Job 'train_{n}' gets no input 'x'") for n in range(1000)]
    assert "= The same 999 more times here.\n" in render(gathered(items), {}, Path("/"))


def test_of_a_very_long_line_the_part_around_the_place_is_shown():
    bag = Bag()
    bag.remember("long.yml", "a" * 1000 + "X" + "b" * 1000)
    bag.add("E101", Span("long.yml", 1, 1001), "Wrong")
    _, line, caret = render(bag.sorted(), bag.sources, Path("/")).splitlines()
    assert line == "    1 | ... " + "a" * 120 + "X" + "b" * 119 + " ..."
    assert line[caret.index("^")] == "X"
