"""mlc.frontend.text: what can be read, and what is said of the rest."""

import os

import pytest

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import did_you_mean, nearest, read_text, shown


def outcome(path, data=None):
    if data is not None:
        path.write_bytes(data)
    bag = Bag()
    text = read_text(path, bag, Span("/project/p.yml", 3, 4))
    return text, [item.code for item in bag.items]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa: \xc3\xa9", "a: é".encode("utf-16"), "a: é".encode()])
def test_marks_of_byte_order_are_understood(tmp_path, data):
    assert outcome(tmp_path / "f", data) == ("a: é", [])


@pytest.mark.parametrize("data", [b"a: caf\xe9", b"\x7fELF\0\0\x80\xff"])
def test_other_encodings_and_binaries_are_refused(tmp_path, data):
    assert outcome(tmp_path / "f", data) == (None, ["E107"])


def test_the_line_of_the_first_bad_byte_is_named(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"a\nb\n\xff")
    bag = Bag()
    read_text(path, bag, Span("p.yml"))
    assert bag.items[0].span == Span(str(path), 3, 1)


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert outcome(tmp_path) == (None, ["E106"])
    assert outcome(tmp_path / "pipe") == (None, ["E106"])
    assert outcome(tmp_path / "none") == (None, ["E101"])
    assert outcome(tmp_path / "f" / "g") == (None, ["E101"])
    assert outcome(tmp_path / ("x" * 300)) == (None, ["E107"])
    assert outcome(tmp_path / "a\0b") == (None, ["E107"])


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "f").open("wb") as stream:
        stream.truncate(17 << 20)
    assert outcome(tmp_path / "f") == (None, ["E108"])


def test_a_missing_file_comes_with_the_nearest_one(tmp_path):
    (tmp_path / "train.yml").touch()
    bag = Bag()
    read_text(tmp_path / "trian.yml", bag, Span(str(tmp_path / "p.yml"), 1, 1))
    assert bag.items[0].text == "File 'trian.yml' does not exist. Did you mean 'train.yml'?"


def test_paths_are_shown_as_their_file_names_them(tmp_path):
    assert shown(tmp_path / "a" / "b.yml", Span(str(tmp_path / "c" / "p.yml"))) == "../a/b.yml"
    assert shown(tmp_path / "p.yml", Span(str(tmp_path / "p.yml"))) == str(tmp_path / "p.yml")
    assert "\n" not in shown(tmp_path / "a\nb", Span(str(tmp_path / "p.yml")))


def test_near_words():
    assert nearest("Epoch", ["lr", "epochs"]) == "epochs"
    assert nearest("zzz", ["lr", "epochs"]) is None
    assert did_you_mean("zzz", ["lr", "epochs"]) == "Known here: lr, epochs"
