"""Settings of parallel components, which their nodes show as attributes and may set anew."""

from typing import Any

from mlc.ir.parallel import Parallel
from mlc.sdk.settings import Settings

NAMES = (
    *("mini_batch_size", "partition_keys", "input_data", "retry_settings", "logging_level", "error_threshold"),
    *("mini_batch_error_threshold", "max_concurrency_per_instance", "task"),
)


class RunFunction(Settings):
    """code, entry_script, program_arguments, environment, append_row_to, model."""

    type = "run_function"


class RetrySettings(Settings):
    """max_retries, timeout."""


def node_fields(parallel: dict[str, Any] | Parallel | None) -> dict[str, Any]:
    """What a node of the component shows before anything is set; nothing where it is no parallel component."""
    if parallel is None:
        return {}
    said = _of_loaded(parallel) if isinstance(parallel, Parallel) else parallel
    return {name: said.get(name) for name in NAMES}


def copied(value: Any) -> Any:
    """A value of a component for one of its nodes: what can be changed is the node's own."""
    if isinstance(value, dict):
        return Settings(**{str(key): item for key, item in value.items()})
    return value.copy() if hasattr(value, "copy") else value


def _of_loaded(parallel: Parallel) -> dict[str, Any]:
    plain = {name: getattr(parallel, name, None) for name in NAMES}
    side = {"input_data": ("inputs", parallel.input_data), "append_row_to": ("outputs", parallel.append_row_to)}
    bound = {key: f"${{{{{where}.{name}}}}}" if name else None for key, (where, name) in side.items()}
    task = RunFunction(entry_script=parallel.entry_script, append_row_to=bound["append_row_to"], model=parallel.model)
    retries = RetrySettings(max_retries=parallel.max_retries, timeout=parallel.timeout)
    keys = list(parallel.partition_keys) or None
    return plain | {
        "input_data": bound["input_data"],
        "partition_keys": keys,
        "retry_settings": retries,
        "task": task,
    }
