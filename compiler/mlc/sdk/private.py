"""What scripts read of the reference's objects besides their documented fields: ``_validate()``, ``_to_dict()``, ...

A name that the reference has is answered, one that it does not have is an ``AttributeError`` as there.
"""

from collections.abc import Iterator
from typing import Any

from mlc.sdk.inert import Inert
from mlc.sdk.values import nearest

_CALLS = frozenset(
    (
        *("_validate", "_customized_validate", "_to_dict", "_to_rest_object", "_to_job", "_to_component", "_to_node"),
        *("_to_yaml", "_build_code", "_build_inputs", "_build_outputs", "_to_rest_inputs", "_to_rest_outputs"),
        *("_get_anonymous_hash", "_get_component_hash", "_try_raise", "_print_as_yaml", "_repr_html_", "dump"),
    )
)
_RESOURCE = ("base_path", "creation_context", "description", "display_name", "id", "name", "properties", "tags", "type")
JOB = frozenset((*_RESOURCE, "log_files", "identity", "experiment_name", "jobs", "settings", "inputs", "outputs"))
"""Attributes of a pipeline job, which are None where mlc has nothing to say."""
COMPONENT = frozenset(
    (
        *(*_RESOURCE, "additional_includes", "auto_delete_setting", "code", "command", "environment", "inputs"),
        *("distribution", "environment_variables", "instance_count", "is_deterministic", "latest_version", "limits"),
        *("queue_settings", "resources", "outputs", "version", "jobs", "task", "component", "services", "identity"),
        *("input_data", "mini_batch_size", "mini_batch_error_threshold", "max_concurrency_per_instance"),
        *("retry_settings", "logging_level", "error_threshold", "partition_keys", "instance_type", "shm_size"),
    )
)
"""Attributes of a component, likewise."""


class Result(Inert):
    """Of a validation: it has passed, for mlc says what is wrong when it compiles."""

    def __init__(self) -> None:
        super().__init__("validation", passed=True, error_messages={}, messages={})

    def __str__(self) -> str:
        return '{\n  "result": "Succeeded"\n}'

    __repr__ = __str__


def private(name: str, owner: str) -> Any:
    """The method ``name`` of an ``owner`` (``PipelineJob``); ``AttributeError`` where the reference has none."""
    if name in {"_validate", "_customized_validate"}:
        return lambda *_, **__: Result()
    if name in _CALLS and name != "_repr_html_":
        return lambda *_, **__: Inert(name)
    raise AttributeError(f"'{owner}' object has no attribute {name!r}")


def unknown(name: str, owner: str, known: Any) -> AttributeError:
    """What is raised for a public attribute that the reference does not have either; says the nearest one."""
    hint = nearest(name, sorted(item for item in known if not item.startswith("_")))
    return AttributeError(f"'{owner}' object has no attribute {name!r}" + (f". {hint}" if hint else ""))


class Fields:
    """What declarations are besides their attributes, as in the reference: a mapping of the fields that can be said."""

    def _said(self) -> dict[str, Any]:
        own = {name: value for name, value in vars(self).items() if name not in {"span", "more", "broken"}}
        return {**own, **vars(self).get("more", {})}

    def _to_dict(self) -> dict[str, Any]:
        """The fields that say something, as the reference orders them."""
        said = self._said()
        return {name: said[name] for name in sorted(said) if said[name] is not None}

    def __getitem__(self, name: str) -> Any:
        return self._said()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def __contains__(self, name: object) -> bool:
        return name in self._said()

    def __iter__(self) -> Iterator[str]:
        return iter(self._said())

    def keys(self) -> list[str]:
        """All fields, also those that say nothing."""
        return list(self._said())

    def values(self) -> list[Any]:
        """Their values."""
        return list(self._said().values())

    def items(self) -> list[tuple[str, Any]]:
        """Both."""
        return list(self._said().items())

    def get(self, name: str, default: Any = None) -> Any:
        """As of a dict."""
        return self._said().get(name, default)

    def __repr__(self) -> str:
        return repr({name: getattr(value, "value", value) for name, value in self._said().items() if value is not None})
