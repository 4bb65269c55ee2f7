"""What the inputs and outputs of a node are bound to: expressions, literals, data by location."""

import re
from dataclasses import replace

from mlc.diagnostics import Span
from mlc.frontend.yaml.literals import literal, surprise, unfit, warn_of
from mlc.frontend.yaml.located import Entry, Kind, Located, Mapping, Scalar, describe, is_null
from mlc.frontend.yaml.ports import data_type
from mlc.frontend.yaml.scope import Scope, is_remote, local_path
from mlc.frontend.yaml.shapes import Fields, capital
from mlc.frontend.yaml.tables import GIVEN_INPUT, GIVEN_OUTPUT, check
from mlc.ir.pipeline import (
    BROKEN_NODE,
    Data,
    InputBinding,
    Joined,
    Literal,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    PipelineInputRef,
    Value,
)
from mlc.ir.types import Mode, PortType

Reference = PipelineInputRef | NodeOutputRef | NodeInputRef

_EXPRESSION = re.compile(r"\$\{\{\s*([^{}\s]*)\s*\}\}")
_INPUT = re.compile(r"parent\.inputs\.([^\s{}]+)")
_JOB = re.compile(r"parent\.jobs\.([^.\s{}]+)\.(inputs|outputs)\.([^\s{}]+)")
_OUTPUT = re.compile(r"\$\{\{\s*parent\.outputs\.([^\s{}]+?)\s*\}\}")
IN_A_JOB = "A job gives data and places; only the component declares what an input or output is like"
OUTPUT_MODES = (Mode.RW_MOUNT, Mode.UPLOAD, Mode.DIRECT, Mode.MOUNT)
_MODES = (Mode.RO_MOUNT, Mode.DOWNLOAD, Mode.DIRECT, Mode.EVAL_MOUNT, Mode.EVAL_DOWNLOAD)
_ASSET = re.compile(r"[A-Za-z0-9_-]{1,255}")


def input_binding(name: str, entry: Entry, port: PortType | None, scope: Scope, what: str) -> InputBinding:
    """One input of a node. ``port`` is the declared type where the component is known; ``what`` names the input.

    A value that cannot be read is reported; the input counts as given then.
    """
    value = input_value(entry.value, port, scope, what)
    value = NodeOutputRef(node=BROKEN_NODE, output="output", span=entry.span) if value is None else value
    return InputBinding(name=name, value=value, span=entry.span)


def input_value(node: Located, port: PortType | None, scope: Scope, what: str) -> Value | None:
    """A scalar, an expression or ``{type, path, mode}``. None: the bag says why."""
    match node:
        case Scalar(kind=Kind.NULL):
            scope.bag.add(
                "E110", node.span, f"{capital(what)} is empty", why="It has no value", fix="Give it one, or remove it"
            )
            return None
        case Scalar(kind=Kind.STRING):
            value = expression(node)
            if isinstance(value, Literal) and "${{" not in node.text and port is not None and port.is_data:
                return _data(node, port, scope)
            return value
        case Scalar():
            return _plain(node, port, scope, what)
        case Mapping():
            return _described(Fields(node, what, scope.bag), port, scope)
    fix = "Write one value, or {type: ..., path: ...}"
    scope.bag.add("E104", node.span, f"{capital(what)} must be a value or a mapping, not {describe(node)}", fix=fix)
    return None


def _plain(node: Scalar, port: PortType | None, scope: Scope, what: str) -> Literal | None:
    """A number, ``true`` or the like; what YAML most likely reads otherwise than it is meant is warned about."""
    why = unfit(node)
    if why:
        text = f"{capital(what)} cannot be {node.text}"
        quoted = node.text.lower().replace(".", "") if node.kind is Kind.NUMBER else node.text
        scope.bag.add("E122", node.span, text, why=why, fix=f"Write it in quotes: '{quoted}'")
        return None
    read = surprise(node, port)
    if read:
        warn_of(node, read, port, (what, scope.bag))
    return literal(node, port)


def expression(node: Scalar) -> Literal | Reference | Joined:
    """A text with ``${{...}}`` in it; what is not understood stays text, and a pass reports it."""
    if "${{" not in node.text:
        return Literal(text=node.text, span=node.span)
    parts: list[Literal | Reference] = []
    at = 0
    for match in _EXPRESSION.finditer(node.text):
        found = _reference(match.group(1), node.span)
        if found is None:
            return Literal(text=node.text, span=node.span)
        if match.start() > at:
            parts.append(Literal(text=node.text[at : match.start()], span=node.span))
        parts.append(found)
        at = match.end()
    if at < len(node.text):
        parts.append(Literal(text=node.text[at:], span=node.span))
    return parts[0] if len(parts) == 1 else Joined(parts=tuple(parts), span=node.span)


def _reference(text: str, span: Span) -> Reference | None:
    if match := _INPUT.fullmatch(text):
        return PipelineInputRef(name=match.group(1), span=span)
    if match := _JOB.fullmatch(text):
        job, side, name = match.groups()
        if side == "outputs":
            return NodeOutputRef(node=job, output=name, span=span)
        return NodeInputRef(node=job, input=name, span=span)
    return None


def _described(fields: Fields, port: PortType | None, scope: Scope) -> Value | None:
    """``{type, path, mode}`` or ``{type, value}``."""
    check(fields, GIVEN_INPUT, "E111", IN_A_JOB)
    declared = fields.scalar("type")
    own = None if declared is None else data_type(declared, fields.what, scope.bag)
    if declared is not None and own is None:
        own = PortType.CUSTOM_MODEL  # which may be a file or a folder: what is named is looked for, not judged
    mode = input_mode(fields, own)
    value, path = fields.scalar("value"), fields.scalar("path")
    if value is not None:
        return expression(value) if value.kind is Kind.STRING else _plain(value, own or port, scope, fields.what)
    if path is None:
        if not isinstance(fields.mapping.get("path"), Mapping):
            fields.missing("path", "Add 'path:', or write the value itself")
        return None
    found = expression(path)
    if isinstance(found, PipelineInputRef | NodeOutputRef | NodeInputRef):
        return replace(found, mode=mode)
    if isinstance(found, Joined) or "${{" in found.text:
        return found
    if own is not None and not own.is_data:
        what = f"{capital(fields.what)} has a path, but its type is {own}"
        scope.bag.add("E123", path.span, what, fix="Write the value itself, or a type such as uri_folder")
        return None
    data = _data(path, own or (port if port is not None and port.is_data else PortType.URI_FOLDER), scope)
    return replace(data, mode=mode)


def input_mode(fields: Fields, kind: PortType | None) -> Mode | None:
    """``mode`` of data that a job gives; the two of evaluation are there for tables only."""
    return fields.mode(_MODES if kind in (None, PortType.MLTABLE) else _MODES[:3])


def _data(node: Scalar, kind: PortType, scope: Scope) -> Data:
    local = None if is_remote(node.text) else str(local_path(node.text, scope.base))
    return Data(uri=node.text, local=local, type=kind, span=node.span)


def output_binding(name: str, entry: Entry, scope: Scope, what: str) -> OutputBinding | None:
    """One output of a node: nothing, ``${{parent.outputs.x}}``, or ``{type, mode, path, name, version}``."""
    node = entry.value
    match node:
        case Mapping():
            return _settings(name, Fields(node, what, scope.bag), entry.span)
        case Scalar(kind=Kind.STRING):
            match_ = _OUTPUT.fullmatch(node.text.strip())
            if match_:
                return OutputBinding(name=name, promoted_to=(match_.group(1),), span=entry.span)
        case _ if is_null(node):
            return OutputBinding(name=name, span=entry.span)
    said = f"'{node.text}'" if isinstance(node, Scalar) else describe(node)
    fix = "Write '${{parent.outputs.NAME}}', a mapping with type, mode and path, or nothing"
    scope.bag.add("E116", node.span, f"{capital(what)} cannot be bound to {said}", fix=fix)
    return None


def _settings(name: str, fields: Fields, span: Span) -> OutputBinding:
    check(fields, GIVEN_OUTPUT, "E111", IN_A_JOB)
    declared = fields.scalar("type")
    path = fields.text("path")
    promoted = _OUTPUT.fullmatch(path.strip()) if path else None
    asset, version = asset_name(fields)
    return OutputBinding(
        name=name,
        promoted_to=(promoted.group(1),) if promoted else (),
        type=None if declared is None else data_type(declared, fields.what, fields.bag),
        mode=fields.mode(OUTPUT_MODES),
        path=None if promoted else path,
        asset_name=asset,
        asset_version=version,
        span=span,
    )


def asset_name(fields: Fields) -> tuple[str | None, str | None]:
    """``name`` and ``version`` under which an output is registered; a version needs a name."""
    name, version = fields.scalar("name"), fields.scalar("version")
    if name is not None and not _ASSET.fullmatch(name.text):
        why = "Letters, digits, dashes and underscores are allowed, up to 255"
        fields.bag.add("E114", name.span, f"'{name.text}' cannot be the name of an asset", why=why, fix="Rename it")
        return None, None
    if version is not None and name is None:
        fields.bag.add("E110", version.span, f"{capital(fields.what)} has a version but no name", fix="Add 'name:'")
    return (name.text if name else None), (version.text if version else None)
