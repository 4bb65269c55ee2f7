"""Values that the DSL binds -> ``ir`` values."""

import re
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from mlc.diagnostics import Span
from mlc.frontend.yaml.bindings import expression
from mlc.frontend.yaml.located import Scalar
from mlc.frontend.yaml.scope import is_remote, local_path
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    BROKEN_NODE,
    Data,
    Joined,
    Literal,
    NodeInputRef,
    NodeOutputRef,
    PipelineInputRef,
    Value,
)
from mlc.ir.types import Mode, PortType
from mlc.records import dataclass
from mlc.sdk.expressions import Expression
from mlc.sdk.node_io import Broken
from mlc.sdk.ports import Input
from mlc.sdk.references import NodeInput, NodeOutput, PipelineInput
from mlc.sdk.session import session
from mlc.sdk.values import kind_of, literal, mode, port_type

_TOKEN = re.compile(r"\$\{\{parent\.jobs\.#(\d+)\.")


@dataclass(slots=True)
class Values:
    """One level: ``names`` are its nodes' names by number; ``base`` is what relative data paths are relative to."""

    base: Path
    names: dict[int, str] = field(default_factory=dict)
    broken: bool = False
    """Whether something was bound to :data:`BROKEN_NODE`."""

    def bound(self, item: NodeInput, port: InputPort | None) -> Value:
        """What a node's input gets, with the node's own mode."""
        where = f"Input {item.port!r}"
        own = mode(item._mode, item.span, where)
        value = self.value(item.value, port, item.span, item.port)
        if own is not None and isinstance(value, Data | PipelineInputRef | NodeOutputRef | NodeInputRef):
            return replace(value, mode=own)
        return value

    def value(self, raw: Any, port: InputPort | None, span: Span, name: str) -> Value:
        """``raw`` as IR; what is none is reported, and bound to the broken node."""
        if isinstance(raw, Literal | Data | Joined | PipelineInputRef | NodeOutputRef | NodeInputRef):
            return raw
        if isinstance(raw, NodeOutput):
            return self._output(raw, span)
        if isinstance(raw, PipelineInput):
            return PipelineInputRef(name=raw.port, mode=mode(raw.mode, span, f"Input {name!r}"), span=span)
        if isinstance(raw, Expression):
            return self._text(str(raw), port, span)
        if isinstance(raw, Input):
            return self._data(raw, port, span, name)
        if isinstance(raw, str):
            return self._text(str.__str__(raw), port, span)
        if (plain := literal(raw)) is not None:
            return Literal(text=plain[1], type=plain[0], span=span)
        if not isinstance(raw, Broken):
            self._refuse(raw, span, name)
        return self._nothing(span)

    def _output(self, raw: NodeOutput, span: Span) -> Value:
        if raw.node is None or raw.node.number not in self.names:
            what = f"The output {raw.port!r} belongs to a node of another pipeline"
            fix = "Return it from that pipeline, and pass it on as an argument"
            session().report("E219", what, why="Nodes see only their own pipeline", fix=fix, span=span)
            return self._nothing(span)
        return NodeOutputRef(node=self.names[raw.node.number], output=raw.port, span=span)

    def _data(self, raw: Input, port: InputPort | None, span: Span, name: str) -> Value:
        place = raw.span if raw.span.line else span
        where = f"Input {name!r}"
        type_ = port_type(raw.type, place.at("type"), where)
        if type_ is None:
            return self._nothing(span)
        if not type_.is_data and raw.path is None and raw.default is not None:
            plain = literal(raw.default) or (PortType.STRING, str(raw.default))
            return Literal(text=plain[1], type=plain[0], span=place)
        if raw.path is None:
            what = f"{where} gets an Input without a path"
            session().report("E209", what, fix='Write Input(type="uri_folder", path="...")', span=place)
            return self._nothing(span)
        path, own = place.at("path"), mode(raw.mode, place.at("mode"), where)
        found = self._text(str(raw.path), None, path)
        if not isinstance(found, Literal):
            return found if own is None or isinstance(found, Joined | Data) else replace(found, mode=own)
        return self.data(found.text, type_, own, path)

    def data(self, uri: str, type_: PortType, own: Mode | None, span: Span) -> Data:
        """Data at a location; ``local`` where it is a path of this machine."""
        local = None if is_remote(uri) else str(local_path(uri, self.base))
        return Data(uri=uri, local=local, type=type_, mode=own, span=span)

    def _text(self, text: str, port: InputPort | None, span: Span) -> Value:
        found = expression(Scalar(_TOKEN.sub(lambda match: self._named(match, span), text), span=span))
        if isinstance(found, Literal) and "${{" not in text and port is not None and port.type.is_data:
            return self.data(text, port.type, None, span)
        return found

    def _named(self, match: "re.Match[str]", span: Span) -> str:
        name = self.names.get(int(match.group(1)))
        if name is None:
            what = "The text has an output of a node of another pipeline in it"
            session().report("E219", what, why="Nodes see only their own pipeline", span=span)
            self.broken = True
        return f"${{{{parent.jobs.{name or BROKEN_NODE}."

    def _nothing(self, span: Span) -> Value:
        self.broken = True
        return NodeOutputRef(node=BROKEN_NODE, output="output", span=span)

    def _refuse(self, raw: Any, span: Span, name: str) -> None:
        what = f"Input {name!r} gets {kind_of(raw)}"
        why, fix = "No input takes that", ""
        if hasattr(type(raw), "_mlc_distribution_"):
            what = f"Input {name!r} gets a search space ({type(raw).__name__})"
            why = "It means something in a sweep only"
            fix = "Call .sweep(primary_metric=..., goal=...) on the node, or give one value"
            session().report("E529", what, why=why, fix=fix, span=span)
            return
        session().report("E209", what, why=why, fix=fix, span=span)
