"""Values fit their inputs: the type, the minimum and maximum, the list of allowed ones."""

import re

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    CommandNode,
    InputBinding,
    Literal,
    Node,
    NodeOutputRef,
    Pipeline,
    PipelineInput,
    PipelineInputRef,
)
from mlc.ir.types import PortType
from mlc.passes.check_references import is_misread
from mlc.passes.context import Context
from mlc.passes.levels import components, levels
from mlc.passes.nearest import nearest
from mlc.passes.report import report_once
from mlc.passes.value_types import LevelTypes, OutputTypes, Ports

_INTEGER = re.compile(r"[+-]?[0-9]+(\.0*)?", re.ASCII)
_NUMBER = re.compile(
    r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?(inf|infinity|nan)", re.ASCII | re.IGNORECASE
)
_SURE = {
    (PortType.INTEGER, PortType.NUMBER),
    *((source, PortType.STRING) for source in PortType),
    *((source, source) for source in PortType),
}
_MAYBE = {
    (PortType.NUMBER, PortType.INTEGER),
    *((PortType.STRING, target) for target in (PortType.INTEGER, PortType.NUMBER, PortType.BOOLEAN)),
}

_NUMBERS = {PortType.INTEGER, PortType.NUMBER}

Misfit = tuple[str, str, str]
"""Code, what is wrong with the value (``is no integer``), what would be right."""


def check_values(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report values that do not fit; what is only known when the pipeline starts is warned about if it may not."""
    _defaults(pipeline, context)
    known: dict[str, tuple[str, PipelineInput]] = {}
    for item in pipeline.inputs:
        if item.port.broken:
            continue
        if isinstance(item.value, Literal) and not item.port.type.is_data:
            span = item.value.span if item.value.span.line else item.span
            _judge(item.value.text, item.port, span, f"The pipeline input {item.port.name!r}", context)
            known[item.port.name] = item.value.text, item
        elif item.value is None and item.port.default is not None:
            known[item.port.name] = item.port.default, item
    outputs, ports = OutputTypes(), Ports()
    for level in levels(pipeline):
        check = _Level(LevelTypes(level, outputs), known if level is pipeline else {}, context)
        for node in level.nodes:
            declared = ports.of(node)
            for binding in node.inputs:
                port = declared.get(binding.name)
                if port is not None and not port.broken and not port.type.is_data:
                    check.binding(binding, port, node)
    return pipeline


def misfit(text: str, port: InputPort) -> Misfit | None:
    """What is wrong with ``text`` as a value of ``port``; None: nothing."""
    if port.optional and not text:
        return None
    match port.type:
        case PortType.INTEGER if not _INTEGER.fullmatch(text):
            return "E315", "is no integer", "Give a whole number"
        case PortType.NUMBER if not _NUMBER.fullmatch(text):
            return "E315", "is no number", "Give a number"
        case PortType.BOOLEAN if text.lower() not in {"true", "false"}:
            return "E315", "is no boolean", "Give True or False"
    if port.type in {PortType.INTEGER, PortType.NUMBER}:
        number = float(text)
        if port.minimum is not None and number < port.minimum:
            return "E316", f"is less than the minimum, {port.minimum:g}", f"Give {port.minimum:g} or more"
        if port.maximum is not None and number > port.maximum:
            return "E316", f"is more than the maximum, {port.maximum:g}", f"Give {port.maximum:g} or less"
    if port.enum and text not in port.enum:
        return "E317", "is not one of the allowed values", nearest(text, port.enum, "allowed values")
    return None


def _judge(text: str, port: InputPort, span: Span, subject: str, context: Context) -> None:
    found = misfit(text, port)
    if found is not None:
        code, wrong, fix = found
        report_once(context, code, span, (f"{subject} gets {text!r}, which {wrong}", "", fix))


def _number_for_word(value: Literal, port: InputPort, where: tuple[Span, str], context: Context) -> None:
    """A number where words are listed: the service takes it as it is, and a published example gets by with it."""
    if value.text not in port.enum:
        span, subject = where
        what = f"{subject} gets the number {value.text}, which is not one of the allowed values"
        why = "The service hands it over all the same, and so does mlc"
        context.bag.add("W305", span, what, why=why, fix=nearest(value.text, port.enum, "allowed values"))


def _defaults(pipeline: Pipeline, context: Context) -> None:
    ports = [port for component, _ in components(pipeline) for port in component.inputs]
    ports += [item.port for level in levels(pipeline) for item in level.inputs]
    for port in ports:
        found = misfit(port.default, port) if port.default is not None and not port.type.is_data else None
        if found is None:
            continue
        code, wrong, fix = found
        text = f"The default {port.default!r} of the input {port.name!r} {wrong}", "", fix
        report_once(context, "E315" if code == "E315" else "W302", port.span, text)


class _Level:
    def __init__(self, types: LevelTypes, known: dict[str, tuple[str, PipelineInput]], context: Context) -> None:
        self._types = types
        self._known = known
        self._context = context

    def binding(self, binding: InputBinding, port: InputPort, node: Node) -> None:
        """One value input of one job."""
        subject = f"The input {port.name!r} of job {node.name!r}"
        value = binding.value
        if is_misread(value):
            return
        span = value.span if value.span.line else binding.span
        match value:
            case Literal() if value.type in _NUMBERS and port.type is PortType.STRING and port.enum:
                _number_for_word(value, port, (span, subject), self._context)
            case Literal():
                _judge(value.text, port, span, subject, self._context)
            case PipelineInputRef() if value.name in self._known:
                is_text = isinstance(node, CommandNode) and not node.component.is_python_function
                self._known_value(value.name, port, (span, subject), is_text=is_text)
            case PipelineInputRef() | NodeOutputRef():
                self._ends(self._types.of(value), port, span, subject)
            case _:
                pass

    def _known_value(self, name: str, port: InputPort, where: tuple[Span, str], *, is_text: bool) -> None:
        """A pipeline's input that has a value. ``is_text``: a command gets it as it is, and no function as an int."""
        span, subject = where
        text, item = self._known[name]
        found = misfit(text, port) if misfit(text, item.port) is None else None
        if found is None:
            return
        if (item.port.type, port.type) == (PortType.NUMBER, PortType.INTEGER) and is_text and found[0] == "E315":
            what = f"{subject} is of type integer, but the pipeline input {name!r} gives it {text}"
            why = "The command gets it as it is, and may fail if it counts in whole numbers"
            self._context.bag.add("W305", span, what, why=why, fix=found[2])
        else:
            _judge(text, port, span, f"{subject}, bound to the pipeline input {name!r},", self._context)

    def _ends(self, source: PortType | None, port: InputPort, span: Span, subject: str) -> None:
        """Both ends are declared, and the value comes when the pipeline runs."""
        if source is None or source.is_data or (source, port.type) in _SURE:
            return
        if (source, port.type) in _MAYBE:
            what = f"{subject} is of type {port.type}, but gets a value of type {source}"
            why = "The step fails if the value turns out to be something else"
            self._context.bag.add("W305", span, what, why=why, fix="Declare the same type at both ends")
        else:
            what = f"{subject} is of type {port.type}, but gets a value of type {source}"
            self._context.bag.add("E315", span, what, fix="Declare the same type at both ends")
