"""Sweeps and parallel steps of the DSL -> ``ir``, by the readers that YAML has."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.commands import parse_command
from mlc.frontend.python.environments import environment
from mlc.frontend.yaml.command_component import read_code
from mlc.frontend.yaml.components import resolve
from mlc.frontend.yaml.located import Entry, Mapping, from_python
from mlc.frontend.yaml.parallel import read_parallel
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.shapes import Fields
from mlc.frontend.yaml.sweeps import read_sweep
from mlc.ir.component import Component
from mlc.ir.parallel import Parallel
from mlc.ir.sweep import Sweep
from mlc.sdk.component import Raw
from mlc.sdk.node import Node
from mlc.sdk.parallel_settings import NAMES
from mlc.sdk.settings import Settings
from mlc.sdk.sweep import SETTINGS, plain
from mlc.sdk.values import kind_of


def sweep_of(node: Node, name: str, bag: Bag) -> Sweep:
    """The sweep that ``node.sweep(...)`` made, as it is now."""
    said = {key: plain(node.__dict__.get(key)) for key in SETTINGS}
    if isinstance(said["early_termination"], str):
        said["early_termination"] = {"type": said["early_termination"]}
    said = {key: value for key, value in said.items() if value is not None and (value or key != "search_space")}
    places = {"early_termination": node.span.at("early_termination_policy")}
    fields = _fields(said, f"sweep '{name}'", node.span, bag, places)
    parts: dict[str, dict[str, Span]] = {"search_space": node.places}
    for part in ("search_space", "objective", "limits"):
        value = said.get(part)
        if isinstance(value, dict):
            entries = _entries(value, node.span, parts.get(part, {}))
            fields.mapping.entries[part] = Entry(Mapping(entries, node.span.at(part)), node.span.at(part))
    return read_sweep(fields)


def parallel_of(given: dict[str, Any], what: str, span: Span, bag: Bag) -> Parallel:
    """The settings that ``parallel_run_function()`` was given."""
    return read_parallel(_fields(_plain(given), what, span, bag), Parallel(entry_script="", input_data=None))


def with_own_settings(component: Component, node: Node, bag: Bag) -> Component:
    """A parallel component with what was set on one of its nodes."""
    assert component.parallel is not None
    own = {name: node.__dict__[name] for name in NAMES if node.__dict__.get(name) is not None}
    if not own:
        return component
    if "task" in own and not _is_mapping(own["task"]):
        what = f"The task of node {node.own_name or component.name!r} is set to {kind_of(own.pop('task'))}"
        bag.add("E209", node.span, what, fix="Assign RunFunction(...), or change the attributes of node.task")
    if "task" in own:
        component = _with_task(component, own["task"], node, bag)
    fields = _fields(_plain(own), f"node '{node.own_name or component.name}'", node.span, bag)
    assert component.parallel is not None
    return replace(component, parallel=read_parallel(fields, component.parallel))


def _with_task(component: Component, task: Any, node: Node, bag: Bag) -> Component:
    """Code, environment and arguments, where a node's task names them; what the component had is not built anew."""
    said = dict(task) if isinstance(task, dict) else vars(task)
    body = node.component.body
    before = vars(body.parallel["task"]) if isinstance(body, Raw) and body.parallel else {}
    said = {key: value for key, value in said.items() if value is not None and value is not before.get(key)}
    changed: dict[str, Any] = {}
    base = body.base if isinstance(body, Raw) else Path.cwd()
    if "environment" in said:
        raw = Raw(command="", base=base)
        changed["environment"] = environment(raw, said["environment"], node.span, bag) or component.environment
    if "code" in said:
        scope = Scope(file=base / "script", base=base, bag=bag, resolve=resolve)
        fields = _fields({"code": said["code"]}, f"node '{component.name}'", node.span, bag)
        changed["code"] = read_code(fields, scope)
    if "program_arguments" in said:
        names = [port.name for port in component.inputs]
        changed["command"] = parse_command(str(said["program_arguments"]), node.span, bag, names)
    return replace(component, **changed)


def _is_mapping(task: Any) -> bool:
    return isinstance(task, dict | Settings)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """Mappings and lists; of a task only what is a setting."""
    found = {key: plain(value) for key, value in given.items() if key != "task" and value is not None}
    if isinstance(found.get("mini_batch_size"), int):
        found["mini_batch_size"] = str(found["mini_batch_size"])
    task = given.get("task")
    said = dict(task) if isinstance(task, dict) else vars(task) if task is not None else {}
    wanted = ("entry_script", "model", "append_row_to")
    return found | {"task": {key: plain(said[key]) for key in wanted if said.get(key) is not None}}


def _fields(said: dict[str, Any], what: str, span: Span, bag: Bag, places: dict[str, Span] | None = None) -> Fields:
    return Fields(Mapping(_entries(said, span, places or {}), span), what, bag)


def _entries(said: dict[str, Any], span: Span, places: dict[str, Span]) -> dict[str, Entry]:
    """Values with their places: ``places`` knows some, the others are keywords of the call at ``span``."""
    spans = {key: places.get(key, span.at(key)) for key in said}
    return {key: Entry(from_python(value, spans[key]), spans[key]) for key, value in said.items()}
