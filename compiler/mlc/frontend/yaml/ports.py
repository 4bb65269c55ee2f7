"""Declared inputs and outputs of components (azureml.md A1.1). Their names are checked by a pass."""

from mlc.diagnostics import Bag
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.literals import default_text, real_number, surprise, warn_of
from mlc.frontend.yaml.located import Entry, Kind, Mapping, Scalar, Sequence, describe, is_null
from mlc.frontend.yaml.shapes import Fields, capital
from mlc.frontend.yaml.tables import DATA_INPUT, DATA_OUTPUT, VALUE_INPUT, VALUE_OUTPUT, Table, check
from mlc.ir.component import InputPort, OutputPort
from mlc.ir.types import PortType

TYPES = tuple(kind.value for kind in PortType)
_OTHER_WORDS = {
    "int": "integer",
    "float": "number",
    "double": "number",
    "str": "string",
    "text": "string",
    "bool": "boolean",
    "enum": "string",
    "file": "uri_file",
    "folder": "uri_folder",
    "directory": "uri_folder",
    "datapath": "uri_folder",
    "dataset": "uri_folder",
    "model": "custom_model",
}
_PATH = "path"
"""An old type of data ports that the reference still takes."""
_ELSEWHERE = {
    "path": "A component only declares; the data is given by the job that uses it",
    "value": "A component only declares; the value is given by the job that uses it",
}


def known_type(word: str) -> PortType | None:
    """The type of that name; None: it is none."""
    if word in TYPES:
        return PortType(word)
    return PortType.URI_FOLDER if word == _PATH else None


def port_type(node: Scalar, what: str, bag: Bag) -> PortType | None:
    """The type that ``node`` names; None: it is none, and the bag says which was meant."""
    word = node.text.strip()
    if known := known_type(word):
        return known
    lower = word.lower()
    near = _OTHER_WORDS.get(lower) or (lower if lower in TYPES else None)
    fix = f"Write '{near}'" if near else did_you_mean(word, list(TYPES))
    bag.add("E113", node.span, f"'{word}', the type of {what}, is not a type", fix=fix)
    return None


def data_type(node: Scalar, what: str, bag: Bag) -> PortType | None:
    """The type of data that a job gives or keeps; values have no declared type there, and ``path`` is not taken."""
    word = node.text.strip().lower()
    known = PortType(word) if word in TYPES else None
    if known is not None and known.is_data:
        return known
    if known is not None or word == _PATH:
        why = "A job names types of data only" if known else "It is an old word, which only components may still use"
        fix = "Write the value itself, or a type such as uri_folder" if known else "Write 'uri_folder' or 'uri_file'"
        bag.add("E113", node.span, f"'{word}' cannot be the type of {what}", why=why, fix=fix)
        return None
    return port_type(node, what, bag)


def input_ports(table: Mapping | None, bag: Bag) -> tuple[InputPort, ...]:
    """``inputs:`` of a component; what cannot be read is reported, and the port is marked as broken."""
    return tuple(_input(name, entry, bag) for name, entry in table or ())


def output_ports(table: Mapping | None, bag: Bag) -> tuple[OutputPort, ...]:
    """``outputs:`` of a component."""
    return tuple(_output(name, entry, bag) for name, entry in table or ())


def _fields(kind: str, name: str, entry: Entry, bag: Bag) -> Fields | None:
    node = entry.value
    if isinstance(node, Mapping):
        return Fields(node, f"{kind} '{name}'", bag)
    span = entry.span if is_null(node) else node.span
    what = f"{capital(kind)} '{name}' must be a mapping with a type, not {describe(node)}"
    example = "{type: uri_folder}" if kind == "output" or is_null(node) else "{type: number, default: ...}"
    bag.add("E104", span, what, fix=f"Write '{name}: {example}'")
    return None


def _type(fields: Fields) -> PortType | None:
    declared = fields.mapping.get("type")
    if declared is None:
        fields.missing("type", f"Add a type: {', '.join(TYPES[:6])}, ...")
        return None
    node = fields.scalar("type")
    return None if node is None else port_type(node, fields.what, fields.bag)


def _check_fields(fields: Fields, table: Table) -> None:
    for key, why in _ELSEWHERE.items():
        if key in fields.mapping:
            what = f"'{key}' cannot stand in the declaration of {fields.what}"
            fields.bag.add("E111", fields.mapping.key_span(key), what, why=why, fix="Move it to the job")
    rest = Mapping({key: entry for key, entry in fields.mapping if key not in _ELSEWHERE}, fields.mapping.span)
    check(Fields(rest, fields.what, fields.bag), table, "E111")


def _input(name: str, entry: Entry, bag: Bag) -> InputPort:
    fields = _fields("input", name, entry, bag)
    if fields is None:
        return InputPort(name=name, type=PortType.STRING, broken=True, span=entry.span)
    kind = _type(fields)
    _check_fields(fields, DATA_INPUT if kind and kind.is_data else VALUE_INPUT)
    optional = bool(fields.flag("optional"))
    default = None if kind is None else _default(fields, kind, optional)
    return InputPort(
        name=name,
        type=kind or PortType.STRING,
        optional=optional,
        default=default,
        broken=kind is None or (default is None and fields.mapping.get("default") is not None),
        minimum=_limit(fields, "min"),
        maximum=_limit(fields, "max"),
        enum=_enum(fields),
        mode=fields.mode(),
        description=fields.text("description") or "",
        span=entry.span,
    )


def _default(fields: Fields, kind: PortType, optional: bool) -> str | None:
    if "default" not in fields.mapping:
        return None
    node = fields.scalar("default")
    if kind.is_data:
        what = f"{capital(fields.what)} is data ({kind}) and cannot have a default"
        fields.bag.add("E123", fields.mapping.key_span("default"), what, fix="Give the data in the job that uses it")
        return None
    if node is None:
        if not optional and is_null(fields.mapping.entries["default"].value):
            what = f"The default of {fields.what} is empty"
            fields.bag.add(
                "E122", fields.mapping.key_span("default"), what, fix="Remove it, or write \"''\" for no text"
            )
        return None
    text = default_text(node, kind)
    read = surprise(node, kind)
    if read:
        warn_of(node, read, kind, (f"the default of {fields.what}", fields.bag))
    if text is None:
        what = f"The default of {fields.what} is {describe(node)}, but its type is {kind}"
        fix = "Write true or false" if kind is PortType.BOOLEAN else "Write a value of that type"
        fix = f"Write it in quotes: '{node.text}'" if kind is PortType.STRING else fix
        fields.bag.add("E122", node.span, what, fix=fix)
    return text


def _limit(fields: Fields, key: str) -> float | None:
    node = fields.scalar(key)
    if node is None:
        return None
    value = real_number(node)
    if value is None:
        fields.wrong(key, node, "a number")
    return value


def _enum(fields: Fields) -> tuple[str, ...]:
    listed: Sequence | None = fields.sequence("enum")
    words = []
    for item in listed.items if listed else ():
        if isinstance(item, Scalar) and item.kind is Kind.STRING:
            words.append(item.text)
        else:
            what = f"An allowed value of {fields.what} must be text, not {describe(item)}"
            fields.bag.add("E104", item.span, what, fix="Write it in quotes")
    return tuple(words)


def _output(name: str, entry: Entry, bag: Bag) -> OutputPort:
    fields = _fields("output", name, entry, bag)
    if fields is None:
        return OutputPort(name=name, type=PortType.URI_FOLDER, broken=True, span=entry.span)
    kind = _type(fields)
    _check_fields(fields, VALUE_OUTPUT if kind and not kind.is_data else DATA_OUTPUT)
    return OutputPort(
        name=name,
        type=kind or PortType.URI_FOLDER,
        mode=fields.mode(),
        description=fields.text("description") or "",
        broken=kind is None,
        span=entry.span,
    )
