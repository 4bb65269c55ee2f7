"""``Input`` and ``Output``: declarations in annotations, and data or settings where a value is given."""

from collections.abc import Iterable
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import InputPort, OutputPort
from mlc.ir.pipeline import Data
from mlc.ir.types import PortType
from mlc.sdk.private import Fields
from mlc.sdk.session import here, session
from mlc.sdk.values import default_text, literal, mode, nearest, port_type

_RARE = ("datastore", "is_control", "path_on_compute", "properties")
"""What the reference takes besides, and mlc has no use for."""


def ignored(who: str, given: Iterable[str], known: Iterable[str], span: Span) -> None:
    """Warn of each keyword that is not ``known``: the reference ignores it without a word."""
    names = tuple(name for name in known if name not in {"span", "more", "broken"})
    for name in given:
        if name not in names:
            what = f"{who} does not know {name!r} and ignores it"
            session().report("W204", what, fix=nearest(name, names), span=span.at(name))


class Input(Fields):
    """A declared input, or data by location. ``span`` is the place of the call."""

    def __init__(self, *positional: Any, type: object = "uri_folder", **more: Any) -> None:  # noqa: A002 - their word
        self.span = here()
        self.type: Any = type
        self.path = more.pop("path", None)
        self.mode = more.pop("mode", None)
        self.optional = more.pop("optional", None)
        self.default = more.pop("default", None)
        self.min = more.pop("min", None)
        self.max = more.pop("max", None)
        self.enum = more.pop("enum", None)
        self.description = more.pop("description", None)
        self.more = more
        if more:
            ignored("Input()", more, (*vars(self), *_RARE), self.span)
        self.broken = False
        """Whether a message has been given about it."""
        if positional:
            what = "Input() takes no positional arguments"
            session().report("E210", what, fix="Write Input(type=..., path=...)", span=self.span)

    @property
    def _data(self) -> "Input":
        """What scripts ask, private though it is, of a job's input."""
        return self


class Output(Fields):
    """A declared output, or what becomes of one (``mode``, ``path``, the asset's ``name`` and ``version``)."""

    def __init__(self, *positional: Any, type: object = "uri_folder", **more: Any) -> None:  # noqa: A002 - their word
        self.span = here()
        self.type: Any = type
        self.path = more.pop("path", None)
        self.mode = more.pop("mode", None)
        self.name = more.pop("name", None)
        self.version = more.pop("version", None)
        self.description = more.pop("description", None)
        self.early_available = more.pop("early_available", None)
        self.more = more
        if more:
            ignored("Output()", more, (*vars(self), *_RARE), self.span)
        if positional:
            what = "Output() takes no positional arguments"
            session().report("E210", what, fix="Write Output(type=..., mode=...)", span=self.span)


def input_port(name: str, declared: Input, span: Span) -> InputPort:
    """The declaration as a port; defaults, bounds and words that do not fit are reported at ``span``."""
    where = f"Input {name!r}"
    type_ = port_type(declared.type, span.at("type"), where)
    default = None if type_ is None else _default(name, type_, declared.default, span.at("default"))
    return InputPort(
        name=name,
        type=type_ or PortType.STRING,
        optional=bool(declared.optional),
        default=default,
        broken=declared.broken or type_ is None or (default is None and declared.default is not None),
        minimum=_bound(declared.min),
        maximum=_bound(declared.max),
        enum=_words(declared.enum),
        mode=mode(declared.mode, span.at("mode"), where),
        description=str(declared.description or ""),
        span=span,
    )


def output_port(name: str, declared: Output, span: Span) -> OutputPort:
    """The declaration as a port."""
    where = f"Output {name!r}"
    type_ = port_type(declared.type, span.at("type"), where)
    return OutputPort(
        name=name,
        type=type_ or PortType.URI_FOLDER,
        broken=type_ is None,
        mode=mode(declared.mode, span, where),
        description=str(declared.description or ""),
        span=span,
    )


def of_port(port: InputPort) -> Input:
    """The declaration that a user sees as ``component.inputs["x"]``."""
    return Input(
        type=port.type.value,
        optional=port.optional or None,
        default=port.default,
        min=port.minimum,
        max=port.maximum,
        enum=list(port.enum) or None,
        mode=port.mode,
        description=port.description or None,
    )


def of_output(port: OutputPort) -> Output:
    """The declaration that a user sees as ``component.outputs["x"]``."""
    return Output(type=port.type.value, mode=port.mode, description=port.description or None)


def of_data(data: Data) -> Input:
    """Data of a file as the object that a script changes."""
    found = Input(type=data.type.value, path=data.uri, mode=data.mode and data.mode.value)
    found.span = data.span
    return found


def _default(name: str, type_: PortType, value: object, span: Span) -> str | None:
    if value is None:
        return None
    if type_.is_data:
        what = f"Input {name!r} is data of type {type_} and cannot have a default"
        session().report("E209", what, fix="Bind data where the component is used", span=span)
        return None
    text = default_text(type_, value)
    if text is None:
        what = f"The default {value!r} of input {name!r} is no {type_}"
        session().report("E209", what, fix="Change the default or the type", span=span)
    return text


def _bound(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _words(enum: object) -> tuple[str, ...]:
    if enum is None:
        return ()
    items = list(enum) if isinstance(enum, Iterable) and not isinstance(enum, str) else [enum]
    return tuple(found[1] if (found := literal(item)) else str(item) for item in items)
