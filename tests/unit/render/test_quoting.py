"""Filters quote: whatever text goes in, a real reader of the format gets the same text back."""

import re
import shlex
from xml.dom import minidom

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from mlc.render import quoting
from mlc.render.launch import InputVariable

NASTY = "ab01 _-./:'\"\\$#{}[]()&*!|>%@`=~,;?^+<\n\r\t\x07\x7f\x85\u2028\ufeffé中😀"
texts = st.text(st.sampled_from(NASTY), max_size=12) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)


@pytest.mark.parametrize("loader", [pyyaml.SafeLoader, pyyaml.CSafeLoader])
@given(text=texts)
def test_yaml_gives_the_same_text_back_everywhere(loader, text):
    quoted = quoting.yaml(text)
    assert pyyaml.load(f"a:\n  key: {quoted}\n", loader)["a"] == {"key": text}
    assert pyyaml.load(f"{{ first: {quoted}, {quoted}: last }}", loader) == {"first": text} | {text: "last"}
    assert pyyaml.load(f"key: {quoting.yaml(text, 6)}\nnext: 1\n", loader) == {"key": text, "next": 1}


@pytest.mark.parametrize("text", ["plain", "mlc/x:tag", "file:///mlc/mlflow", "Prep Data", "/mlc/inputs/a.csv", "a=b"])
def test_yaml_leaves_plain_text_alone(text):
    assert quoting.yaml(text) == text


@pytest.mark.parametrize(
    "text", ["yes", "No", "NULL", "on", "y", "1", "1.5", "0x1f", "~", "", " a", "a ", "a: b", "a #b"]
)
def test_yaml_quotes_what_readers_would_not_take_for_text(text):
    assert quoting.yaml(text) == f'"{text}"'


def test_yaml_writes_several_lines_as_a_block():
    assert quoting.yaml("set -e\n\n  python a.py", 4) == "|-\n    set -e\n\n      python a.py"
    assert quoting.yaml("a\nb\n", 2) == "|\n  a\n  b"


@pytest.mark.parametrize("text", ["\na\nb", " a\nb", "a\nb\n\n", "a\r\nb", "a\n\x07b"])
def test_yaml_quotes_lines_that_a_block_cannot_hold(text):
    assert "\n" not in quoting.yaml(text, 4)


def test_compose_doubles_dollars_and_names_variables():
    assert quoting.compose(("a$b ${C} ", InputVariable("INPUT_X"), "$")) == "a$$b $${C} ${INPUT_X}$$"


def test_variable_can_have_something_in_its_absence():
    assert quoting.variable(InputVariable("DATA_X")) == "${DATA_X}"
    assert quoting.variable(InputVariable("DATA_X"), "./nothing") == "${DATA_X:-./nothing}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("10", "10"),
        ("../../data", "../../data"),
        ("", ""),
        ("a b", "'a b'"),
        ("${A} #1", "'${A} #1'"),
        ("it's", '"it\'s"'),
        ("a\\", '"a\\\\"'),
        ("a\r\n$b", '"a\\r\\n\\$b"'),
    ],
)
def test_dotenv(text, written):
    assert quoting.dotenv(text) == written


@given(text=texts)
def test_comment_stays_on_its_line(text):
    assert len(f"# {quoting.comment(text)}".splitlines()) == 1


@given(text=texts)
def test_dockerfile_words_end_where_they_should(text):
    assert re.fullmatch(r'(?:[^"\\$\n]|\\.)*', quoting.dockerfile(text))


@given(text=texts)
def test_reference_is_one_word(text):
    assert len(f"x{quoting.reference(text)}".split()) == 1


@given(text=texts)
def test_xml_text_and_attributes_are_read_back(text):
    document = minidom.parseString(f"<a b={quoting.xml_attribute(text)}>{quoting.xml(text)}</a>").documentElement
    assert document is not None
    legal = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
    assert "".join(node.nodeValue or "" for node in document.childNodes) == re.sub("\r\n?", "\n", legal)


@given(text=texts)
def test_markdown_stays_in_its_cell(text):
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`<]", quoting.markdown(text))


@given(text=texts)
def test_shell_words_are_read_back(text):
    assert shlex.split(quoting.FILTERS["shell"](text)) == [text]
