"""mlc.frontend.yaml.compose: YAML with places, and what it refuses."""

import pytest

from mlc.diagnostics import Bag, Span
from mlc.frontend.yaml.compose import compose
from mlc.frontend.yaml.located import Kind, Mapping, Scalar, Sequence


def read(text: str) -> Mapping:
    bag = Bag()
    found = compose(text, "f.yml", bag)
    assert not bag.items
    assert isinstance(found, Mapping)
    return found


def refused(text: str) -> list[tuple[str, int, int]]:
    bag = Bag()
    assert compose(text, "f.yml", bag) is None
    return [(item.code, item.span.line, item.span.column) for item in bag.sorted()]


def test_keys_and_values_know_their_places():
    found = read("inputs:\n  epochs: {type: integer}\n")
    inner = found.entries["inputs"].value
    assert isinstance(inner, Mapping)
    assert found.entries["inputs"].span == Span("f.yml", 1, 1)
    assert inner.key_span("epochs") == Span("f.yml", 2, 3)
    assert inner.entries["epochs"].value.span == Span("f.yml", 2, 11)
    assert inner.key_span("nope") == Span("f.yml", 2, 3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("007", Kind.INTEGER),
        ("1_000", Kind.INTEGER),
        ("12:30", Kind.INTEGER),
        ("1e-3", Kind.STRING),
        ("1.0e-3", Kind.NUMBER),
        ("on", Kind.BOOLEAN),
        ("~", Kind.NULL),
        ("2024-01-01", Kind.DATE),
        ("abc", Kind.STRING),
    ],
)
def test_scalars_keep_their_writing_beside_the_kind_of_yaml_1_1(text, kind):
    assert read(f"x: {text}").get("x") in (None, Scalar(text, kind))
    assert read(f"x: {text}").entries["x"].value == Scalar(text, kind)
    assert read(f"x: '{text}'").get("x") == Scalar(text, Kind.STRING, plain=False)


def test_keys_are_text():
    assert list(read("on: 1\n3: 2\nnull: 3\n").entries) == ["on", "3", "null"]


def test_merges_give_way_to_own_keys_and_earlier_sources():
    found = read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {z: 5, <<: [*a, *b]}\n").get("c")
    assert isinstance(found, Mapping)
    assert {key: getattr(entry.value, "text", "") for key, entry in found} == {"x": "1", "y": "2", "z": "5"}


def test_a_key_given_twice_is_a_warning_and_the_last_counts():
    bag = Bag()
    found = compose("a: 1\nb: 2\na: 3\n", "f.yml", bag)
    assert isinstance(found, Mapping)
    assert found.get("a") == Scalar("3", Kind.INTEGER)
    assert [(item.code, item.span.line) for item in bag.items] == [("W101", 3)]
    assert "line 1" in bag.items[0].text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [("E103", 0, 0)]),
        ("# nothing\n---\n", [("E103", 0, 0)]),
        ("null", [("E103", 0, 0)]),
        ("a:\n\t- b", [("E102", 2, 1)]),
        ("a: 'b", [("E102", 1, 6)]),
        ("a: {b", [("E102", 2, 1)]),
        ("a: *b", [("E102", 1, 4)]),
        ("a: b: c", [("E102", 1, 5)]),
        ("a: 1\n b: 2", [("E102", 2, 3)]),
        ("a: 1\n---\nb: 2", [("E102", 2, 1)]),
        ("x: 1\ny: a\x07b", [("E102", 2, 5)]),
        ("x: \ud800", [("E102", 1, 4)]),
        ("a: !secret b", [("E109", 1, 4)]),
        ("a: !!python/object/apply:os.system [ls]", [("E109", 1, 4)]),
        ("? [a]\n: b", [("E109", 1, 3)]),
        ("a: &a [*a]", [("E109", 1, 4)]),
        ("a: {<<: 3}", [("E109", 1, 9)]),
    ],
)
def test_what_is_malformed_or_odd_is_refused_at_its_place(text, places):
    assert refused(text) == places


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, "- " * 50_000 + "x", "{a: " * 3000 + "}" * 3000])
def test_deep_nesting_is_refused_before_it_is_composed(text):
    assert refused(text) == [("E108", 0, 0)]


def test_a_hundred_aliases_of_aliases_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 100)]
    assert [code for code, _, _ in refused("\n".join(lines))] == ["E108"]


def test_expressions_do_not_count_as_nesting():
    found = read("a: [" + ", ".join("'${{x}}'" for _ in range(500)) + "]").get("a")
    assert isinstance(found, Sequence)
    assert len(found.items) == 500


def test_line_ends_of_windows_change_nothing():
    assert read("a: |\r\n  x\r\n  y\r\nb: 2\r\n").get("a") == Scalar("x\ny\n", Kind.STRING, plain=False)
