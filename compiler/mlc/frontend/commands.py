"""Command text -> template: ``${{inputs.x}}``, ``${{outputs.y}}`` and optional brackets ``$[[ ... ]]``.

What is not closed stays text, as in the reference (azureml.md A3). Quoting is filled in by a later pass.
"""

import re
from collections.abc import Callable, Collection

from mlc.diagnostics import Bag, Span
from mlc.ir.template import Bracket, InputRef, OutputRef, Part, Template, Text

_TOKEN = re.compile(r"\$\{\{([^{}\n]*)\}\}|\$\[\[|\]\]")
_WORD = r"[A-Za-z_][A-Za-z0-9_-]*"
_REFERENCE = re.compile(rf"(inputs|outputs)\.({_WORD}(?:\.{_WORD})*)")


def parse_command(
    text: str, span: Span, bag: Bag, inputs: Collection[str] = (), find: Callable[[str], Span] | None = None
) -> Template:
    """Split ``text``; declared ``inputs`` tell a group's member named ``path`` from the attribute ``.path``.

    ``find`` gives the place of each placeholder, asked in their order; without it all are at ``span``. Expressions that
    mean nothing are reported and left out. Lines end as a shell wants it, whatever editor wrote them.
    """
    text = text.replace("\r\n", "\n")
    opened: list[tuple[list[Part], str]] = []
    parts: list[Part] = []
    at = 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word == "]]" and not opened:
            continue
        _add_text(parts, text[at : token.start()])
        at = token.end()
        if word == "$[[":
            opened.append((parts, word))
            parts = []
        elif word == "]]":
            inner = tuple(parts)
            parts = opened.pop()[0]
            parts.append(Bracket(parts=inner))
        else:
            place = find(word) if find else span
            found = _reference(token.group(1).strip(), place, bag, inputs)
            if found is not None:
                parts.append(found)
    _add_text(parts, text[at:])
    while opened:
        outer, word = opened.pop()
        _add_text(outer, word)
        _extend(outer, parts)
        parts = outer
    return tuple(parts)


def _add_text(parts: list[Part], text: str) -> None:
    if not text:
        return
    if parts and isinstance(parts[-1], Text):
        parts[-1] = Text(text=parts[-1].text + text)
    else:
        parts.append(Text(text=text))


def _extend(parts: list[Part], more: list[Part]) -> None:
    for part in more:
        if isinstance(part, Text):
            _add_text(parts, part.text)
        else:
            parts.append(part)


def _reference(expression: str, span: Span, bag: Bag, inputs: Collection[str]) -> InputRef | OutputRef | None:
    match = _REFERENCE.fullmatch(expression)
    if match is None:
        what = f"The command's expression '${{{{{expression}}}}}' means nothing"
        why, fix = _advice(expression)
        bag.add("E116", span, what, why=why, fix=fix)
        return None
    side, name = match.groups()
    if name not in inputs:
        name = name.removesuffix(".path")
    return InputRef(name=name, span=span) if side == "inputs" else OutputRef(name=name, span=span)


def _advice(expression: str) -> tuple[str, str]:
    if expression.startswith("parent."):
        own = "The command runs inside the component, which does not see the pipeline"
        return own, "Declare an input, bind it in the pipeline, and write '${{inputs.NAME}}' here"
    if expression.startswith("search_space."):
        return "A search space exists only in a sweep", "Write '${{inputs.NAME}}'"
    return "A command knows its component's inputs and outputs", "Write '${{inputs.NAME}}' or '${{outputs.NAME}}'"
