"""Data: local paths that exist and are what their type says; what is elsewhere can be fetched."""

import os
import stat

from mlc.diagnostics import Span
from mlc.ir.asset import is_reference
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    InputBinding,
    Node,
    NodeInputRef,
    Pipeline,
    PipelineInputRef,
    PipelineNode,
    UnsupportedNode,
)
from mlc.ir.types import Mode, PortType
from mlc.passes.check_references import parts
from mlc.passes.check_types import file_for_folder
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest
from mlc.passes.report import report_once
from mlc.passes.resolve_data import data_reference
from mlc.passes.value_types import Ports


def check_data(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report data that is not there, is the other kind of thing, or is not on this machine and not passed as text."""
    check = _Check(context)
    for item in pipeline.inputs:
        if isinstance(item.value, Data):
            span = item.value.span if item.value.span.line else item.span
            check.data(item.value, span, f"pipeline input {item.port.name!r}", _uses(pipeline, item.port.name))
    for level in levels(pipeline):
        for node in level.nodes:
            for binding in node.inputs:
                if isinstance(binding.value, Data):
                    span = binding.value.span if binding.value.span.line else binding.span
                    what = f"input {binding.name!r} of job {node.name!r}"
                    check.data(binding.value, span, what, [(binding, node)])
    return pipeline


Uses = list[tuple[InputBinding, Node]]
"""The inputs, of one level, that get some data."""


def mode_of(value: Data | PipelineInputRef, port: InputPort, given: Mode | None) -> Mode | None:
    """How data reaches an input: as the binding says, else the declaration, else the data's own ``given`` mode."""
    return value.mode or port.mode or given


def is_remote(data: Data) -> bool:
    """Whether the data is not on this machine: it can only be passed on as text."""
    return data.local is None


def _is_broken(node: Node) -> bool:
    """Whether nothing is known of a node's inputs, about which something was said already."""
    return isinstance(node, UnsupportedNode) and not node.type


def _uses(pipeline: Pipeline, name: str) -> Uses:
    return [
        (binding, node)
        for node in pipeline.nodes
        for binding in node.inputs
        for part in parts(binding.value)
        if isinstance(part, PipelineInputRef) and part.name == name
    ]


class _Check:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._ports = Ports()
        self._mounted: dict[tuple[int, str], bool] = {}

    def data(self, data: Data, span: Span, what: str, uses: Uses) -> None:
        """One location of data and the inputs that it goes to."""
        if data.local is not None:
            direct = [(binding, node) for binding, node in uses if binding.value is data]
            self._local(data, data.local, span, (what, direct))
            return
        if self._carried(data.uri, data.uri, span, f"The address of the {what}"):
            self._elsewhere(data, span, what, uses)

    def _elsewhere(self, data: Data, span: Span, what: str, uses: Uses) -> None:
        from mlc.passes.check_remote import check_secret

        check_secret(data, span, what, self._context)
        if is_reference(data.uri) and data.mode is not Mode.DIRECT and any(_is_broken(node) for _, node in uses):
            self._remote(data, span, what)  # with the component known, the name would be missed next
        elif any(self._mounts(binding, node, data.mode) for binding, node in uses):
            self._remote(data, span, what)
            direct = [(binding, node) for binding, node in uses if binding.value is data]
            for binding, node in direct if data.type is not PortType.CUSTOM_MODEL else []:
                self._fits(binding, node, data, (span, not data.type.is_file))

    def _mounts(self, binding: InputBinding, node: Node, given: Mode | None) -> bool:
        """Whether an input needs a path, as opposed to the URI as text (mode direct)."""
        port = self._ports.of(node).get(binding.name)
        if port is None or not port.type.is_data:
            return False
        value = binding.value
        if isinstance(value, Data | PipelineInputRef):
            given = mode_of(value, port, given)
        match node:
            case CommandNode():
                return given is not Mode.DIRECT or isinstance(value, NodeInputRef)
            case PipelineNode():
                return self._mounts_inside(node.pipeline, binding.name, given)
            case _:
                return False

    def _mounts_inside(self, pipeline: Pipeline, name: str, given: Mode | None) -> bool:
        key = (id(pipeline), f"{name} {given}")
        if key not in self._mounted:
            uses = _uses(pipeline, name)
            self._mounted[key] = any(self._mounts(binding, node, given) for binding, node in uses)
        return self._mounted[key]

    def _local(self, data: Data, path: str, span: Span, of: tuple[str, Uses]) -> None:
        """Data on this machine: ``of`` what, and the inputs of jobs that name it themselves."""
        what, direct = of
        if not self._carried(path, data.uri, span, f"The path of the {what}"):
            return
        if data.awaited:
            return
        try:
            is_folder = _is_folder(data, path)
        except (OSError, ValueError):
            stands = f"It stands for {data.local!r}, as {data.origin} says" if data.origin else ""
            message = f"The data of the {what} was not found: {data.uri!r}", stands, _nearest_path(path)
            report_once(self._context, "E327", span, message)
            return
        if self._kind(data, is_folder, span, what) and data.type is not PortType.CUSTOM_MODEL:
            for binding, node in direct:
                self._fits(binding, node, data, (span, is_folder))

    def _carried(self, text: str, written: str, span: Span, what: str) -> bool:
        """Whether a bundle can hold a path or address, which the author has ``written`` so; said, if not."""
        if not unprintable(text):
            return True
        fix = "Rename it: no control characters, no bytes that are not UTF-8"
        self._context.bag.add("E329", span, f"{what} has a character that a bundle cannot carry: {written!r}", fix=fix)
        return False

    def _fits(self, binding: InputBinding, node: Node, data: Data, found: tuple[Span, bool]) -> None:
        """What the data is (``found``: its place, whether it is a folder) decides, not what it is declared to be."""
        span, is_folder = found
        port = self._ports.of(node).get(binding.name)
        if port is None or port.broken or not port.type.is_data or port.type is PortType.CUSTOM_MODEL:
            return
        if is_folder is port.type.is_file:
            kind, wanted = ("a folder", "one file") if is_folder else ("one file", "a folder")
            text = f"The input {binding.name!r} of job {node.name!r} is a {port.type}, but gets {kind}"
            if data.type.is_file:
                file_for_folder(text, span, self._context)
                return
            fix = f"Name {wanted}, or declare the input as {'uri_folder' if is_folder else 'uri_file'}"
            self._context.bag.add("E320", span, text, why=f"The step would look for {wanted}", fix=fix)

    def _kind(self, data: Data, is_folder: bool, span: Span, what: str) -> bool:
        """Whether the data is what its own type says; else there is a message, and none is wanted about its users."""
        if data.type is PortType.CUSTOM_MODEL or not data.type.is_data or is_folder is not data.type.is_file:
            return True
        found, wanted = ("a folder", "a file") if is_folder else ("a file", "a folder")
        text = f"The data of the {what} is {found}: {data.uri!r}"
        if data.type is PortType.URI_FOLDER:
            file_for_folder(text, span, self._context)
            return False
        fix = f"Declare it as {'uri_folder' if is_folder else 'uri_file'}, or name {wanted}"
        self._context.bag.add("E328", span, text, why=f"Its type, {data.type}, means {wanted}", fix=fix)
        return False

    def _remote(self, data: Data, span: Span, what: str) -> None:
        if is_reference(data.uri):
            self._context.names.miss(data_reference(data, span))
            return
        from mlc.passes.check_remote import check_remote

        check_remote(data, span, what, self._context)


def _is_folder(data: Data, path: str) -> bool:
    if data.kept is not None:
        return data.kept.file_name is None
    return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - thousands of nodes, no Path objects


def unprintable(path: str) -> bool:
    """Whether a path has control characters or bytes that are no text."""
    return any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in path)


def _nearest_path(path: str) -> str:
    folder, name = os.path.split(path.rstrip("/"))
    try:
        names = sorted(os.listdir(folder))[:1000]  # noqa: PTH208
    except (OSError, ValueError):
        return "The folder that should hold it does not exist either; relative paths start at the source's folder"
    return nearest(name, names, "files and folders there")
