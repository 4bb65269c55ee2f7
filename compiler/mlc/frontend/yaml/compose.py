"""Text -> located values, by way of YAML's node graph; refuses what is malformed, hostile or means nothing here.

The C parser recurses on the machine's stack while it composes and would end the process on deep nesting, so depth is
looked at before. Aliases share nodes; a few lines can stand for billions of values, so the expanded size is counted.
"""

import re
from typing import Any

import yaml

from mlc.diagnostics import Bag, Span
from mlc.frontend.yaml.located import Entry, Kind, Located, Mapping, Scalar, Sequence

DEEPEST = 100
"""Levels of nesting; pipelines need about ten."""
LARGEST = 1_000_000
"""Values after aliases are expanded."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_KINDS = {
    f"{_PREFIX}str": Kind.STRING,
    f"{_PREFIX}int": Kind.INTEGER,
    f"{_PREFIX}float": Kind.NUMBER,
    f"{_PREFIX}bool": Kind.BOOLEAN,
    f"{_PREFIX}null": Kind.NULL,
    f"{_PREFIX}timestamp": Kind.DATE,
    f"{_PREFIX}value": Kind.STRING,
    f"{_PREFIX}merge": Kind.STRING,
}
_INDENT = re.compile(r"(?m)^[ \t\-?:]{300,}")
_WORDS = (
    (
        "mapping values are not allowed",
        "A ': ' stands where no key can be",
        "Quote the text if the colon belongs to it",
    ),
    ("cannot start any token", "This character cannot start a value", "Quote the text"),
    (
        "undefined alias",
        "The alias (*) refers to an anchor (&) that is not defined before",
        "Quote the text if it is none",
    ),
    ("duplicate anchor", "The anchor (&) is defined twice", "Give each its own name"),
    ("but found another document", "A second document starts here", "Keep one document per file; remove the '---'"),
    ("unexpected end of stream", "The quotes that are opened before are never closed", "Close them"),
    ("did not find expected key", "The line fits neither the mapping before it nor a new one", "Check its indentation"),
    ("did not find expected '-'", "A list is expected to go on here", "Check the indentation"),
    ("did not find expected ',' or", "Brackets or braces are not closed, or a comma is missing", "Close them"),
    ("did not find expected <document start>", "The text before it has ended already", "Check the indentation"),
    ("could not find expected ':'", "A key is not followed by ': '", "Write 'key: value'"),
)


def compose(text: str, file: str, bag: Bag) -> Located | None:
    """The only document of ``text``; None if there is none or it is refused."""
    if _too_deep(text):
        what = f"The YAML is nested more than {DEEPEST} levels deep"
        bag.add("E108", Span(file), what, why="mlc does not read it", fix="Flatten it")
        return None
    try:
        loader = _LOADER(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as problem:
        _malformed(problem, text, file, bag)
        return None
    except (yaml.YAMLError, UnicodeError) as problem:
        _bad_character(problem, text, file, bag)
        return None
    if root is None or root.tag == f"{_PREFIX}null":
        bag.add("E103", Span(file), "The file is empty", fix="Write what belongs there into it, or name another file")
        return None
    reader = _Reader(file, bag)
    found = reader.read(root, 0)
    if reader.refused:
        return None
    return found


def _too_deep(text: str) -> bool:
    """Exact, but counts only where the text could be deep: many brackets, or a line far to the right."""
    brackets = text.count("[") + text.count("{") - 2 * text.count("${{")
    if brackets <= DEEPEST and not _INDENT.search(text):
        return False
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except (yaml.YAMLError, UnicodeError):
        return False
    return False


def _malformed(problem: yaml.MarkedYAMLError, text: str, file: str, bag: Bag) -> None:
    mark = problem.problem_mark or problem.context_mark
    span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file)
    said = " ".join(part for part in (problem.context, problem.problem) if part)
    if mark and _character(text, mark.line, mark.column) == "\t":
        bag.add("E102", span, "A tab is used for indentation", why="YAML does not allow it", fix="Indent with blanks")
        return
    for words, what, fix in _WORDS:
        if words in said:
            bag.add("E102", span, what, why="This is not YAML" if "document" not in words else "", fix=fix)
            return
    bag.add("E102", span, f"This is not YAML: {said or problem}", fix="Check quotes, brackets and indentation")


def _character(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line][column : column + 1] if line < len(lines) else ""


def _bad_character(problem: Exception, text: str, file: str, bag: Bag) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        for column, char in enumerate(line, 1):
            if (char < " " and char not in "\t\r") or char == "\x7f" or "\ud800" <= char <= "\udfff":
                what = f"The character U+{ord(char):04X} is not allowed in YAML"
                bag.add(
                    "E102", Span(file, number, column), what, fix='Remove it, or write it in double quotes as "\\x.."'
                )
                return
    bag.add("E102", Span(file), f"This is not YAML: {problem}", fix="Check that the file is text")


class _Reader:
    """One document's nodes -> located values. Nodes shared by aliases are read once."""

    def __init__(self, file: str, bag: Bag) -> None:
        self.file = file
        self.bag = bag
        self.done: dict[int, Located] = {}
        self.open: set[int] = set()
        self.sizes: dict[int, int] = {}
        self.refused = False

    def read(self, node: Any, depth: int) -> Located:
        mark = node.start_mark
        span = Span(self.file, mark.line + 1, mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, span)
        known = self.done.get(id(node))
        if known is not None:
            return known
        if id(node) in self.open or depth > DEEPEST:
            what = "This value contains itself" if depth <= DEEPEST else f"Nested more than {DEEPEST} levels deep"
            return self.refuse("E109" if depth <= DEEPEST else "E108", span, what, "Remove the alias (*)")
        self.open.add(id(node))
        found = (
            self.mapping(node, span, depth) if isinstance(node, yaml.MappingNode) else self.sequence(node, span, depth)
        )
        self.open.discard(id(node))
        self.done[id(node)] = found
        return found

    def refuse(self, code: str, span: Span, what: str, fix: str) -> Scalar:
        if not self.refused:
            self.bag.add(code, span, what, fix=fix)
        self.refused = True
        return Scalar("", Kind.NULL, True, span)

    def scalar(self, node: Any, span: Span) -> Scalar:
        kind = _KINDS.get(node.tag)
        if kind is None:
            return self.refuse("E109", span, f"The tag '{_tag(node)}' means nothing here", "Remove it")
        return Scalar(node.value, kind, node.style is None or node.style == "", span)

    def sequence(self, node: Any, span: Span, depth: int) -> Located:
        if node.tag != f"{_PREFIX}seq":
            return self.refuse("E109", span, f"The tag '{_tag(node)}' means nothing here", "Remove it")
        items = tuple(self.read(child, depth + 1) for child in node.value)
        self.count(node, span, node.value)
        return Sequence(items, span)

    def mapping(self, node: Any, span: Span, depth: int) -> Located:
        if node.tag != f"{_PREFIX}map":
            return self.refuse("E109", span, f"The tag '{_tag(node)}' means nothing here", "Remove it")
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for key, value in node.value:
            mark = key.start_mark
            place = Span(self.file, mark.line + 1, mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                return self.refuse("E109", place, "A key must be a word, not a list or a mapping", "Quote it")
            if key.tag == f"{_PREFIX}merge":
                merged = self.merge(value, depth) | merged
                continue
            if key.value in own:
                first = own[key.value].span.line
                why = f"It is first given in line {first}; the last one counts"
                self.bag.add("W101", place, f"The key '{key.value}' is given twice", why=why, fix="Remove one of them")
            own[key.value] = Entry(self.read(value, depth + 1), place)
        self.count(node, span, [value for _, value in node.value])
        return Mapping(merged | own, span)

    def merge(self, node: Any, depth: int) -> dict[str, Entry]:
        """What ``<<`` brings in: a mapping's entries, or those of a list of mappings, the first of which wins."""
        found = self.read(node, depth + 1)
        sources = found.items if isinstance(found, Sequence) else (found,)
        merged: dict[str, Entry] = {}
        for source in sources:
            if not isinstance(source, Mapping):
                self.refuse("E109", source.span, "Only a mapping can be merged with '<<'", "Refer to a mapping")
                continue
            merged = source.entries | merged if merged else dict(source.entries)
        return merged

    def count(self, node: Any, span: Span, children: list[Any]) -> None:
        """Add up the expanded size; aliases to large values multiply it without making the graph larger."""
        size = 1 + sum(self.sizes.get(id(child), 1) for child in children)
        self.sizes[id(node)] = size
        if size > LARGEST:
            self.refuse("E108", span, f"Its aliases stand for more than {LARGEST:,} values", "Write out what is meant")


def _tag(node: Any) -> str:
    tag: str = node.tag
    return "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag
