"""Which fields the objects of a YAML file have, and what may stand in them, as the reference's loader has it.

Found by giving each field nothing, a number, text, a list, ... and asking the reference. What a reader looks at anyway
is only named here; so is what the reference takes in any shape.
"""

from collections.abc import Mapping as AbstractMapping
from enum import StrEnum

from mlc.frontend.yaml.located import Kind, Scalar, Sequence, is_null
from mlc.frontend.yaml.shapes import Fields, capital


class Shape(StrEnum):
    """What may stand in a field."""

    ANY = "anything"
    GIVEN = "what its reader takes, but not nothing"
    TEXT = "text"
    LIST = "a list"
    MAPPING = "a mapping"
    TEXTS = "a mapping of words to text"
    IDENTITY = "a mapping with a type"


Table = AbstractMapping[str, Shape]

_LABELS = {"display_name": Shape.TEXT, "description": Shape.TEXT, "tags": Shape.TEXTS}
_PORTS = {"inputs": Shape.GIVEN, "outputs": Shape.GIVEN}
_RUN = {
    **dict.fromkeys(("compute", "code", "command"), Shape.TEXT),
    **dict.fromkeys(("resources", "distribution", "limits", "environment_variables", "queue_settings"), Shape.MAPPING),
    "services": Shape.MAPPING,
    "identity": Shape.IDENTITY,
    "environment": Shape.ANY,
}
PIPELINE_JOB: Table = {
    **{"$schema": Shape.GIVEN, "type": Shape.ANY, "name": Shape.TEXT, "experiment_name": Shape.TEXT},
    **_LABELS,
    **_PORTS,
    **{"properties": Shape.TEXTS, "jobs": Shape.ANY, "settings": Shape.MAPPING, "compute": Shape.TEXT},
    **{"component": Shape.GIVEN, "identity": Shape.IDENTITY, "services": Shape.MAPPING},
    **dict.fromkeys(("id", "status", "creation_context"), Shape.ANY),
}
COMMAND_JOB: Table = {
    **{"$schema": Shape.GIVEN, "type": Shape.ANY, "name": Shape.TEXT, "experiment_name": Shape.TEXT},
    **_LABELS,
    **_PORTS,
    **_RUN,
    **{"properties": Shape.MAPPING, "parent_job_name": Shape.ANY},
}
INLINE_NODE: Table = COMMAND_JOB
COMPONENT_NODE: Table = {
    **dict.fromkeys(
        ("$schema", "type", "component", "experiment_name", "version", "settings", "jobs", "is_deterministic"),
        Shape.ANY,
    ),
    **dict.fromkeys(("display_name", "description", "tags", "environment"), Shape.ANY),
    **_PORTS,
    **{key: shape for key, shape in _RUN.items() if key not in ("code", "command", "environment")},
    **{"name": Shape.ANY, "comment": Shape.TEXT, "properties": Shape.TEXTS},
}
COMMAND_COMPONENT: Table = {
    **{"$schema": Shape.TEXT, "type": Shape.ANY, "name": Shape.ANY, "version": Shape.ANY},
    **{"display_name": Shape.TEXT, "description": Shape.TEXT, "tags": Shape.MAPPING},
    **_PORTS,
    **{"command": Shape.TEXT, "code": Shape.TEXT, "environment": Shape.ANY, "is_deterministic": Shape.GIVEN},
    **{"distribution": Shape.MAPPING, "resources": Shape.MAPPING, "additional_includes": Shape.LIST},
    **dict.fromkeys(("limits", "services", "identity", "compute", "queue_settings"), Shape.ANY),
    **{"properties": Shape.MAPPING, "environment_variables": Shape.ANY, "intellectual_property": Shape.ANY},
}
PIPELINE_COMPONENT: Table = {
    **{"$schema": Shape.TEXT, "type": Shape.ANY, "name": Shape.ANY, "version": Shape.ANY},
    **{"display_name": Shape.TEXT, "description": Shape.TEXT, "tags": Shape.MAPPING},
    **_PORTS,
    **dict.fromkeys(("jobs", "properties", "is_deterministic", "settings", "intellectual_property"), Shape.ANY),
}
_INPUT = {"type": Shape.ANY, "optional": Shape.GIVEN, "description": Shape.TEXT}
VALUE_INPUT: Table = {
    **_INPUT,
    **{"default": Shape.ANY, "min": Shape.GIVEN, "max": Shape.GIVEN, "enum": Shape.GIVEN, "is_control": Shape.ANY},
}
DATA_INPUT: Table = {**_INPUT, "mode": Shape.GIVEN, "default": Shape.ANY}
VALUE_OUTPUT: Table = {
    **{"type": Shape.ANY, "description": Shape.TEXT, "early_available": Shape.ANY, "is_control": Shape.ANY},
}
DATA_OUTPUT: Table = {"type": Shape.ANY, "description": Shape.TEXT, "mode": Shape.GIVEN}
GIVEN_INPUT: Table = {**dict.fromkeys(("type", "path", "mode", "value"), Shape.GIVEN), "datastore": Shape.TEXT}
GIVEN_OUTPUT: Table = {
    **{"type": Shape.GIVEN, "mode": Shape.GIVEN, "path": Shape.TEXT, "name": Shape.TEXT, "version": Shape.GIVEN},
}
ENVIRONMENT: Table = {
    **{"$schema": Shape.GIVEN, "name": Shape.ANY, "version": Shape.ANY, "image": Shape.TEXT, "conda_file": Shape.GIVEN},
    **{"build": Shape.GIVEN, "tags": Shape.MAPPING, "description": Shape.TEXT, "os_type": Shape.GIVEN},
    **{"inference_config": Shape.MAPPING, "datastore": Shape.TEXT},
}
RESOURCES: Table = {
    **{"instance_count": Shape.GIVEN, "instance_type": Shape.TEXT, "shm_size": Shape.TEXT, "docker_args": Shape.GIVEN},
    **{"max_instance_count": Shape.GIVEN, "locations": Shape.LIST, "properties": Shape.MAPPING},
}
SETTINGS: Table = {
    **dict.fromkeys(("default_compute", "default_datastore", "default_compute_target"), Shape.TEXT),
    **{"continue_on_step_failure": Shape.GIVEN, "force_rerun": Shape.GIVEN, "on_init": Shape.ANY},
    **{"on_finalize": Shape.ANY, "component_deterministic": Shape.ANY},
}
_IDENTITIES = ("managed", "managed_identity", "aml_token", "user_identity")
_READ_ELSEWHERE = ("command", "image")
"""Where nothing stands in one of these, its reader says that it is needed."""


def check(fields: Fields, table: Table, code: str = "W102", why: str = "") -> None:
    """Report fields that ``table`` does not have (by ``code``), and what cannot stand in those that it has."""
    fields.unknown(table, code, why)
    for key, entry in fields.mapping:
        shape = table.get(key, Shape.ANY)
        if shape is Shape.ANY or (key in _READ_ELSEWHERE and is_null(entry.value)):
            continue
        if is_null(entry.value):
            what = capital(f"'{key}' of {fields.what} is empty")
            why = "Azure ML does not take that"
            fields.bag.add("E110", entry.span, what, why=why, fix="Give it a value, or remove it")
        else:
            _check(fields, key, shape)


def _check(fields: Fields, key: str, shape: Shape) -> None:
    node = fields.mapping.entries[key].value
    match shape:
        case Shape.TEXT:
            if not isinstance(node, Scalar) or node.kind is not Kind.STRING:
                fields.wrong(key, node, "text")
        case Shape.LIST:
            if not isinstance(node, Sequence):
                fields.wrong(key, node, "a list")
        case Shape.MAPPING:
            fields.table(key)
        case Shape.TEXTS:
            fields.texts(key)
        case Shape.IDENTITY:
            _identity(fields, key)
        case _:
            pass


def _identity(fields: Fields, key: str) -> None:
    table = fields.table(key)
    if table is None:
        return
    inner = Fields(table, f"'{key}' of {fields.what}", fields.bag)
    kind = inner.required("type")
    known = [word.replace("_", "") for word in _IDENTITIES]
    if kind is not None and kind.text.lower().replace("_", "") not in known:
        fix = f"Known here: {', '.join(_IDENTITIES)}"
        fields.bag.add("E113", kind.span, f"'{kind.text}' is not a kind of identity", fix=fix)
