"""Filters of the templates: each puts text into one format so that a reader of that format gets the same text back.

They quote and nothing else: no filter looks at the plan, chooses or raises for a value that a user may write.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterable

from mlc.render.launch import InputVariable, Passed

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@+=%-]|:(?=[A-Za-z0-9_/])| (?=[A-Za-z0-9_/]))*")
"""Text that is a string in every YAML without quotes, in block and in flow style, unless it is one of `_WORDS`."""

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What YAML 1.1 or 1.2 reads as something else than text, in any case of letters."""

_HIDDEN = "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]"
"""What a YAML stream may not hold or readers take as a line break, beyond what JSON escapes.

This one and `_XML_ILLEGAL` are compiled only for text with characters that do not print: a set of characters so far
apart takes 8 ms, and there are next to none in pipelines.
"""

_BLOCK = re.compile("[^ \t\n\r][^\r]*[^\n\r]\n?")
_DOTENV_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
_VARIABLE = re.compile(r"(\$\{[A-Za-z_][A-Za-z0-9_]*\})")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def yaml(text: str, indent: int = 0) -> str:
    """A YAML scalar; text of several lines becomes a literal block ``indent`` columns deep where YAML can say it so."""
    if "\n" in text and indent and _BLOCK.fullmatch(text) and _printable(text):
        return _block(text, indent)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    written = json.dumps(text, ensure_ascii=False)
    return written if written.isprintable() else re.sub(_HIDDEN, _escape, written)


def compose(value: str | Iterable[str | InputVariable | Passed]) -> str:
    """Text and variables as Compose interpolates them: ``$`` of the text is doubled, variables are ``${NAME}``.

    A variable that is passed on may be missing: ``${NAME-}``.
    """
    parts = (value,) if isinstance(value, str) else value
    return "".join(map(_interpolated, parts))


def _interpolated(part: str | InputVariable | Passed) -> str:
    if isinstance(part, str):
        return double(part)
    return f"${{{part.variable}{'-' if isinstance(part, Passed) else ''}}}"


def variable(value: InputVariable, absent: str = "") -> str:
    """``${NAME}``, or ``absent`` where the variable is empty when Compose starts."""
    return f"${{{value.variable}:-{absent}}}" if absent else f"${{{value.variable}}}"


def double(text: str) -> str:
    """Text in which Compose must not find a variable."""
    return text.replace("$", "$$")


def dotenv(text: str) -> str:
    r"""A value in ``.env``. Single quotes keep everything but quotes, ``\`` and CR; for those: double quotes."""
    if _DOTENV_PLAIN.fullmatch(text):
        return text
    if not re.search(r"['\\\r]", text):
        return f"'{text}'"
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, written)
    return f'"{text}"'


def dotenv_open(text: str) -> str:
    r"""A value in ``.env`` in which Compose puts the values of ``${VARIABLES}``; all else stays as it is."""
    if not text:
        return ""
    parts = _VARIABLE.split(text)
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\r", "\\r")):
        parts[::2] = [part.replace(plain, written) for part in parts[::2]]
    return f'"{"".join(parts)}"'


def comment(text: str) -> str:
    """Text behind a ``#``: on one line."""
    return " ".join(text.split())


def dockerfile(text: str) -> str:
    """The inside of a double-quoted word of a Dockerfile, on one line."""
    return re.sub(r'(["\\$])', r"\\\1", comment(text))


def markdown(text: str) -> str:
    """Text in a paragraph or a table's cell of Markdown, on one line."""
    return _MARKDOWN.sub(r"\\\1", comment(text))


def reference(text: str) -> str:
    """The name of an image in a Dockerfile: one word without variables."""
    return re.sub(r"\s+", "", text).replace("$", r"\$")


def xml(text: str) -> str:
    """Character data of XML; what XML cannot hold becomes a replacement character."""
    return _legal(text).translate(_XML_TEXT)


def xml_attribute(text: str) -> str:
    """An attribute's value, with its quotes."""
    return f'"{_legal(text).translate(_XML_ATTRIBUTE)}"'


# Not xml.sax.saxutils: it imports urllib.request, 25 ms of every start.
_XML_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_XML_ATTRIBUTE = _XML_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_XML_ILLEGAL = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def _legal(text: str) -> str:
    return text if text.isprintable() else re.sub(_XML_ILLEGAL, "\ufffd", text)


def _block(text: str, indent: int) -> str:
    lines = text.removesuffix("\n").split("\n")
    body = "\n".join(" " * indent + line if line else "" for line in lines)
    return f"{'|' if text.endswith(chr(10)) else '|-'}\n{body}"


def _printable(text: str) -> bool:
    """Whether YAML can hold the text as it is; it is of several lines."""
    if all(line.isprintable() for line in text.split("\n")):
        return True
    return not any(char < " " and char not in "\t\n" for char in set(text)) and not re.search(_HIDDEN, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


FILTERS: dict[str, Callable[..., str]] = {
    "comment": comment,
    "compose": compose,
    "dockerfile": dockerfile,
    "dotenv": dotenv,
    "dotenv_open": dotenv_open,
    "markdown": markdown,
    "reference": reference,
    "shell": shlex.quote,
    "variable": variable,
    "xml": xml,
    "xml_attribute": xml_attribute,
    "yaml": yaml,
}
