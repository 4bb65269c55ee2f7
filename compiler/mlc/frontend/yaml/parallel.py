"""Parallel components and jobs: the script that gets mini-batches, and how its data is cut up (azureml.md A5.7)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mlc.diagnostics import Span
from mlc.frontend.commands import parse_command
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.command_component import KNOWN, read_code, read_environment
from mlc.frontend.yaml.located import Kind, Mapping, Scalar, Sequence, is_null
from mlc.frontend.yaml.numbers import BOUND, whole
from mlc.frontend.yaml.places import finder
from mlc.frontend.yaml.ports import input_ports, output_ports
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.settings import resources
from mlc.frontend.yaml.shapes import Fields, plain_text
from mlc.ir.component import Component, InputPort, OutputPort
from mlc.ir.environment import ImageEnvironment
from mlc.ir.parallel import Parallel
from mlc.ir.template import Template

FIELDS = (
    *("mini_batch_size", "partition_keys", "input_data", "retry_settings", "logging_level", "error_threshold"),
    *("mini_batch_error_threshold", "max_concurrency_per_instance", "task"),
)
"""Of a parallel component, and of a node that sets them anew."""
_COMPONENT = tuple(key for key in KNOWN if key not in ("command", "environment", "distribution"))
_TASK = ("type", "code", "entry_script", "program_arguments", "model", "append_row_to", "environment")
_KINDS = ("run_function", "function", "model")
_LEVELS = ("DEBUG", "INFO", "WARNING", "WARN")
_BATCH = re.compile(r"[0-9]+([kmg]b)?", re.ASCII | re.IGNORECASE)
_PORT = re.compile(r"\s*\$\{\{\s*(inputs|outputs)\.([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}\s*")
_UNKNOWN = ImageEnvironment(image="")


def parallel_component(fields: Fields, name: str, scope: Scope) -> Component | None:
    """A component of ``type: parallel``."""
    fields.unknown((*_COMPONENT, *FIELDS))
    inputs = input_ports(fields.table("inputs"), scope.bag)
    outputs = output_ports(fields.table("outputs"), scope.bag)
    return build_parallel(fields, name, inputs, outputs, scope)


def build_parallel(
    fields: Fields, name: str, inputs: tuple[InputPort, ...], outputs: tuple[OutputPort, ...], scope: Scope
) -> Component | None:
    """What components and jobs with a task of their own share. None: it has no task, which is reported."""
    task = _task(fields)
    if task is None:
        return None
    kind = task.required("type")
    if kind is not None and kind.text.lower() not in _KINDS:
        fix = did_you_mean(kind.text.lower(), list(_KINDS))
        task.bag.add("E113", kind.span, f"'{kind.text}' is not a kind of parallel task", fix=fix)
    arguments = task.scalar("program_arguments")
    deterministic = fields.flag("is_deterministic")
    command: Template = ()
    if arguments is not None and not is_null(arguments):
        names = {port.name for port in inputs}
        find = finder(arguments.span, scope.bag)
        command = parse_command(arguments.text, arguments.span, scope.bag, names, find)
    return Component(
        name=name,
        command=command,
        environment=read_environment(task, scope) or _UNKNOWN,
        version=fields.text("version"),
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        tags=fields.pairs("tags"),
        inputs=inputs,
        outputs=outputs,
        code=read_code(task, scope),
        resources=resources(fields),
        parallel=read_parallel(fields, Parallel(entry_script="", input_data=None)),
        is_deterministic=True if deterministic is None else deterministic,
        span=fields.mapping.span,
    )


def read_parallel(fields: Fields, base: Parallel) -> Parallel:
    """``base`` with what ``fields`` say anew: a component's own settings, or a node's over its component's."""
    retry = fields.table("retry_settings")
    retries = Fields(retry or Mapping({}, fields.mapping.span), f"'retry_settings' of {fields.what}", fields.bag)
    retries.unknown(("timeout", "max_retries"))
    said = {
        "mini_batch_size": _batch(fields),
        "partition_keys": _keys(fields),
        "max_concurrency_per_instance": whole(fields, "max_concurrency_per_instance"),
        "error_threshold": whole(fields, "error_threshold"),
        "mini_batch_error_threshold": whole(fields, "mini_batch_error_threshold"),
        "max_retries": whole(retries, "max_retries"),
        "timeout": whole(retries, "timeout"),
        "logging_level": _level(fields),
    }
    misread = dict(base.misread)
    said["input_data"] = _port(fields, "input_data", "inputs", misread)
    task = fields.mapping.get("task")
    if isinstance(task, Mapping):
        inner = Fields(task, f"'task' of {fields.what}", fields.bag)
        said |= {"entry_script": inner.text("entry_script"), "model": inner.text("model")}
        said["append_row_to"] = _port(inner, "append_row_to", "outputs", misread)
    new = {key: value for key, value in said.items() if value is not None}
    if not new and misread == dict(base.misread):
        return base
    places = dict(base.places) | dict(_places(fields.mapping))
    more = {"misread": tuple(misread.items()), "places": tuple(places.items())}
    return replace(base, **new, **more, span=fields.mapping.key_span("input_data"))  # type: ignore[arg-type]


def with_settings(component: Component, fields: Fields, scope: Scope) -> Component:
    """A loaded component with what its node says anew; a task of the node's own replaces the component's."""
    if fields.mapping.get("task") is not None:
        own = build_parallel(fields, component.name, component.inputs, component.outputs, scope)
        if own is not None:
            component = replace(component, command=own.command, environment=own.environment, code=own.code)
    assert component.parallel is not None
    parallel = read_parallel(fields, component.parallel)
    return component if parallel is component.parallel else replace(component, parallel=parallel)


def _task(fields: Fields) -> Fields | None:
    table = fields.table("task")
    if table is None:
        if fields.mapping.get("task") is None:
            fields.missing("task", "Add 'task:' with type, code, entry_script and environment")
        return None
    inner = Fields(table, f"'task' of {fields.what}", fields.bag)
    inner.unknown((*_TASK, "additional_includes"))
    return inner


def _places(mapping: Mapping) -> Iterator[tuple[str, Span]]:
    """Where each setting's value stands."""
    for key, entry in mapping:
        if key in FIELDS:
            yield key, entry.value.span
            if isinstance(entry.value, Mapping):
                yield from ((name, inner.value.span) for name, inner in entry.value)


def _batch(fields: Fields) -> str | None:
    node = fields.scalar("mini_batch_size")
    if node is None or BOUND.fullmatch(node.text):
        return node.text.strip() if node else None
    right = _BATCH.fullmatch(node.text.strip())
    if right and node.kind is Kind.STRING:
        return node.text.strip()
    what = f"The mini_batch_size of {fields.what} is '{node.text}'"
    fix = "Write a number of files ('10'), or the bytes of a table (512kb, 10mb, 1gb)"
    if right:
        what, fix = f"{what}, a number", f"Write it in quotes: '{node.text}'"
    fields.bag.add("E528", node.span, what, why="The reference takes text only" if right else "", fix=fix)
    return None


def _keys(fields: Fields) -> tuple[str, ...] | None:
    node = fields.mapping.get("partition_keys")
    if node is None:
        return None
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        fields.wrong("partition_keys", node, "a list")
        return None
    return tuple(plain_text(item) for item in node.items if isinstance(item, Scalar))


def _level(fields: Fields) -> str | None:
    node = fields.scalar("logging_level")
    if node is None or BOUND.fullmatch(node.text):
        return node.text.strip() if node else None
    if node.text.upper() in _LEVELS:
        return node.text.upper()
    fix = did_you_mean(node.text.upper(), list(_LEVELS[:3]))
    fields.bag.add("E113", node.span, f"'{node.text}' is not a logging level", fix=fix)
    return None


def _port(fields: Fields, key: str, side: str, misread: dict[str, str]) -> str | None:
    """The name in ``${{inputs.NAME}}``; what is written otherwise goes to ``misread``."""
    text = fields.text(key)
    if text is None:
        return None
    misread.pop(key, None)
    match = _PORT.fullmatch(text)
    if match is None or match[1] != side:
        misread[key] = text
        return None
    return match[2]
