"""Text that a container cannot be given: zero bytes, and halves of characters."""

from collections.abc import Iterator

from mlc.diagnostics import Span
from mlc.ir.pipeline import CommandNode, Literal, Pipeline
from mlc.ir.template import Bracket, Template, Text
from mlc.passes.check_references import parts
from mlc.passes.context import Context
from mlc.passes.levels import components, levels
from mlc.passes.report import report_once

LONGEST = 128 * 1024 - 256
"""Bytes of a text: Linux gives a program 128 KiB per variable, its name included."""


def check_text(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report values, defaults, variables and commands that no environment variable can hold."""
    for what, text, span in _texts(pipeline):
        if not text.isascii() or "\0" in text or len(text) > LONGEST:
            _check(what, text, span, context)
    return pipeline


def _check(what: str, text: str, span: Span, context: Context) -> None:
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        fix = "Take it out; a file as input can hold any bytes"
        report_once(context, "E329", span, (f"{what} has a zero byte or half a character", "No program gets it", fix))
    elif (size := len(text.encode())) > LONGEST:
        why = f"An environment variable holds {LONGEST:,} bytes at most"
        fix = "Put it into a file, and make that an input"
        report_once(context, "E329", span, (f"{what} is {size:,} bytes long", why, fix))


def _texts(pipeline: Pipeline) -> Iterator[tuple[str, str, Span]]:
    yield "The experiment's name", pipeline.experiment_name or "", pipeline.span
    for level in levels(pipeline):
        for item in level.inputs:
            if isinstance(item.value, Literal):
                yield f"The pipeline input {item.port.name!r}", item.value.text, item.span
            yield f"The default of {item.port.name!r}", item.port.default or "", item.port.span
        for node in level.nodes:
            for binding in node.inputs:
                for part in parts(binding.value):
                    if isinstance(part, Literal):
                        yield f"The input {binding.name!r} of job {node.name!r}", part.text, binding.span
            for name, value in node.environment_variables if isinstance(node, CommandNode) else ():
                yield f"The variable {name!r} of job {node.name!r}", value, node.span
    for component, _ in components(pipeline):
        for text in _plain(component.command):
            yield f"The command of {component.name!r}", text, component.span
        for port in component.inputs:
            yield f"The default of {port.name!r}", port.default or "", port.span


def _plain(template: Template) -> Iterator[str]:
    """Texts outside of brackets, and at the first levels inside: deeper ones are refused anyway."""
    level = list(template)
    for _ in range(20):
        yield from (part.text for part in level if isinstance(part, Text))
        level = [part for bracket in level if isinstance(bracket, Bracket) for part in bracket.parts]
