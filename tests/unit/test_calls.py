"""Messages about a call point at the keyword that they are about."""

import pytest

from mlc.calls import Calls
from mlc.diagnostics import Bag, Span

SOURCE = """\
x = train(data=raw, rate=3)
y = (tüte := train)(
    data=raw,
    rate=[1],
)
z = command(name="a", inputs={"n": Input(type="integr"), "m": 3}, outputs=dict(o=1))
train(3).other(data=4)
train(**given)
"""


@pytest.mark.parametrize(
    ("line", "column", "part", "place"),
    [
        (1, 5, "rate", (1, 21)),
        (1, 5, "data", (1, 11)),
        (1, 5, "none", (1, 5)),
        (2, 5, "rate", (4, 5)),
        (6, 5, "inputs/n", (6, 31)),
        (6, 5, "inputs/none", (6, 23)),
        (6, 5, "inputs/m/type", (6, 58)),
        (6, 36, "type", (6, 42)),
        (6, 5, "outputs/o", (6, 80)),
        (7, 1, "data", (7, 16)),
        (8, 1, "data", (8, 1)),
        (99, 1, "data", (99, 1)),
    ],
)
def test_the_place_of_a_part(line, column, part, place):
    assert Calls(SOURCE).place(line, column, part) == place


def test_columns_count_characters():
    assert Calls('é = f("ü", a=1)').place(1, 5, "a") == (1, 12)


def test_source_that_is_no_python():
    assert Calls("%%bash\nls").place(1, 1, "data") == (1, 1)


def test_the_bag_looks_only_where_something_is_said():
    bag = Bag()
    bag.remember("a.py", SOURCE)
    bag.add("E209", Span("a.py", 1, 5).at("rate"), "One")
    bag.add("E209", Span("a.py", 6, 5).at("inputs").at("m"), "Two")
    bag.add("E209", Span("a.py", 3, 1), "Three")
    assert [(item.what, item.span.line, item.span.column) for item in bag.sorted()] == [
        ("One", 1, 21),
        ("Three", 3, 1),
        ("Two", 6, 58),
    ]


def test_a_span_is_the_same_whatever_part_is_meant():
    assert Span("a.py", 1, 5).at("rate") == Span("a.py", 1, 5)
