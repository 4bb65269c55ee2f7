"""Data goes into data inputs and values into value inputs; a folder is no file; text around data makes a path."""

from pathlib import PurePosixPath

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    Data,
    InputBinding,
    Joined,
    Literal,
    Node,
    NodeInputRef,
    NodeOutputRef,
    Pipeline,
    PipelineInputRef,
    Value,
)
from mlc.ir.types import PortType
from mlc.passes.check_references import is_misread
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.report import capital
from mlc.passes.value_types import LevelTypes, OutputTypes, Ports


def check_types(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report bindings whose two ends are of different natures. Types that are not known are not judged.

    Whether data that is named right there is a file or a folder is for ``check_data``: it looks at the data itself.
    """
    for item in pipeline.inputs:
        if item.value is not None and not item.port.broken:
            span = item.value.span if item.value.span.line else item.span
            _pair(item.value, item.value.type, item.port, (span, f"the pipeline input {item.port.name!r}"), context)
    outputs, ports = OutputTypes(), Ports()
    for level in levels(pipeline):
        check = _Level(LevelTypes(level, outputs), context)
        for node in level.nodes:
            declared = ports.of(node)
            for binding in node.inputs:
                port = declared.get(binding.name)
                if port is not None and not port.broken:
                    check.binding(binding, port, node)
    return pipeline


def fits(source: PortType, target: PortType) -> bool:
    """Whether data of one type can be mounted where another is declared.

    Every type but ``uri_file`` is a folder in a container, so folders of all kinds go together; a ``custom_model``
    may be a file or a folder.
    """
    return PortType.CUSTOM_MODEL in {source, target} or source.is_file == target.is_file


class _Level:
    def __init__(self, types: LevelTypes, context: Context) -> None:
        self._types = types
        self._context = context

    def binding(self, binding: InputBinding, port: InputPort, node: Node) -> None:
        """One input of one job."""
        value = binding.value
        if is_misread(value):
            return
        span = value.span if value.span.line else binding.span
        where = span, f"the input {binding.name!r} of job {node.name!r}"
        if isinstance(value, Joined):
            self._joined(value, port, where)
        else:
            source = self._types.of(value)
            if source is not None:
                _pair(value, source, port, where, self._context)

    def _joined(self, value: Joined, port: InputPort, where: tuple[Span, str]) -> None:
        kinds = [self._types.of(part) for part in value.parts]
        data = [index for index, kind in enumerate(kinds) if kind is not None and kind.is_data]
        span, what = where
        if not port.type.is_data:
            if data:
                _data_for_value(_said(value.parts[data[0]]), port, where, self._context)
        elif not data:
            if None not in kinds:
                _value_for_data("text", port, where, self._context)
        elif problem := self._below(value, kinds, data):
            text = f"{capital(what)} puts text around data in a way that makes no path"
            self._context.bag.add("E330", span, text, why=problem, fix="Write ${{...}}/folder/file.csv")

    def _below(self, value: Joined, kinds: list[PortType | None], data: list[int]) -> str:
        if data != [0]:
            return "The data must come first, and once"
        if kinds[0] is not None and kinds[0].is_file:
            return f"{capital(_said(value.parts[0]))} is one file: nothing lies below it"
        # What inputs and earlier steps give is known, and checked, when the step starts; X stands for it.
        return _bad_suffix("".join(part.text if isinstance(part, Literal) else "X" for part in value.parts[1:]))


def _bad_suffix(text: str) -> str:
    pure = PurePosixPath(text[1:])
    if not text.startswith("/"):
        return f"A path below data begins with a slash, {text!r} does not"
    if ".." in pure.parts or pure.is_absolute() or any(ord(char) < 32 for char in text) or "\\" in text:
        return f"{text!r} is not a plain path below data"
    return ""


def _pair(value: Value, source: PortType, port: InputPort, where: tuple[Span, str], context: Context) -> None:
    if source.is_data and not port.type.is_data:
        _data_for_value(_said(value), port, where, context)
    elif not source.is_data and port.type.is_data:
        _value_for_data(_said(value), port, where, context)
    elif source.is_data and not fits(source, port.type) and not isinstance(value, Data):
        span, what = where
        if source.is_file and isinstance(value, PipelineInputRef):
            file_for_folder(f"{capital(what)} is a {port.type}, but gets a {source}", span, context)
            return
        kind = "one file" if source.is_file else "a folder"
        text = f"{capital(what)} is a {port.type}, but gets a {source}"
        wanted = "one file" if port.type.is_file else "a folder"
        why = f"{capital(_said(value))} is {kind}, and the step would look for {wanted}"
        context.bag.add("E320", span, text, why=why, fix="Declare the same type at both ends")


def file_for_folder(text: str, span: Span, context: Context) -> None:
    """Warn: the service hands a file that an author names to an input declared as a folder, and many rely on it."""
    why = "The command gets the path of that one file"
    context.bag.add("W306", span, text, why=why, fix="Declare it as uri_file, if a file is meant")


def _data_for_value(said: str, port: InputPort, where: tuple[Span, str], context: Context) -> None:
    span, what = where
    text = f"{capital(what)} is a value ({port.type}), but gets data"
    fix = f"Declare {port.name!r} as uri_folder or uri_file, or bind a value"
    context.bag.add("E319", span, text, why=f"{capital(said)} is data, which a step gets as a path", fix=fix)


def _value_for_data(said: str, port: InputPort, where: tuple[Span, str], context: Context) -> None:
    span, what = where
    text = f"{capital(what)} is data ({port.type}), but gets {said}"
    fix = (
        f"Name the data: {{type: {port.type}, path: ./...}} in YAML, Input(type='{port.type}', path='./...') in Python"
    )
    context.bag.add("E318", span, text, fix=fix)


def _said(value: Value) -> str:
    match value:
        case Literal():
            return f"the {value.type} {value.text!r}"
        case Data():
            return repr(value.uri)
        case PipelineInputRef():
            return f"the pipeline input {value.name!r}"
        case NodeOutputRef():
            return f"the output {value.output!r} of job {value.node!r}"
        case NodeInputRef():
            return f"the input {value.input!r} of job {value.node!r}"
        case Joined():
            return "text"
