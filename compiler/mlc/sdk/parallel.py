"""``parallel_run_function()``: a parallel component and a job in one call; calling the result makes nodes."""

from pathlib import Path
from typing import Any

from mlc.sdk.command import ANONYMOUS, declared_inputs, declared_outputs, mapping_of
from mlc.sdk.component import Component, Raw
from mlc.sdk.node import Node
from mlc.sdk.parallel_settings import NAMES, RunFunction
from mlc.sdk.session import here, session
from mlc.sdk.settings import ResourceConfiguration, Settings, as_settings
from mlc.sdk.values import kind_of

_WHO = "parallel_run_function()"
_JOB = ("name", "compute", "environment_variables", "display_name", "tags", "identity", "experiment_name")
_RESOURCES = ("instance_count", "instance_type", "shm_size", "docker_args")


def parallel_run_function(**fields: Any) -> Node:
    """A job that can be called: each call is a node of the same component, with this one's settings."""
    span = here()
    task = _task(fields.get("task"))
    inputs, given = declared_inputs(mapping_of(fields, "inputs", span, _WHO), span, _WHO)
    outputs, settings = declared_outputs(mapping_of(fields, "outputs", span, _WHO), span, _WHO)
    component = Component(
        str(fields.get("name") or ANONYMOUS),
        None if task is None else _raw(fields, task),
        input_ports=inputs,
        output_ports=outputs,
        span=span,
        version=fields.get("version"),
        display_name=fields.get("display_name"),
        description=fields.get("description"),
        tags=fields.get("tags"),
    )
    job = Node(component, given, joins=False)
    for output, value in settings.items():
        job.output_of(output).set(value)
    for field in _JOB:
        if fields.get(field) is not None:
            setattr(job, field, fields[field])
    job.set_resources(**{field: fields.get(field) for field in _RESOURCES})
    return job


def _raw(fields: dict[str, Any], task: Settings) -> Raw:
    return Raw(
        command=str(task["program_arguments"] or ""),
        base=Path.cwd(),
        code=task["code"],
        environment=task["environment"],
        resources=as_settings(fields.get("resources"), ResourceConfiguration),
        is_deterministic=fields.get("is_deterministic") is not False,
        parallel={name: fields.get(name) for name in NAMES} | {"task": task},
    )


def _task(value: Any) -> Settings | None:
    """None, reported: it is none; the component cannot be had then."""
    if isinstance(value, dict):
        return RunFunction(**{str(key): item for key, item in value.items()})
    if isinstance(value, Settings):
        return value.copy()
    what = f"The task of parallel_run_function() is {kind_of(value)}"
    session().report("E207", what, fix="Give RunFunction(code=..., entry_script=..., environment=...)")
    return None
