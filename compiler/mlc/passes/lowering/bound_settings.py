"""Settings of sweeps and parallel jobs that are inputs of a pipeline: the value, or the plan's input that has it."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mlc.ir.pipeline import CommandNode
from mlc.ir.plan import Constant, InputValue, TaskValue, ValueSource

_BOUND = re.compile(r"\s*\$\{\{\s*parent\.inputs\.([^\s{}]+)\s*\}\}\s*")


def with_settings_bound(node: CommandNode, given: Mapping[str, Any]) -> CommandNode:
    """``node`` with ``${{parent.inputs.x}}`` in its settings as the level's ``given`` sources say: text, where it is
    known, else ``${{inputs.NAME}}`` of the plan or ``${{tasks.TASK.outputs.NAME}}``.
    """
    if node.sweep is not None:
        node = replace(node, sweep=_bound(node.sweep, given))
    if node.component.parallel is not None:
        parallel = _bound(node.component.parallel, given)
        if parallel != node.component.parallel:
            node = replace(node, component=replace(node.component, parallel=parallel))
    return node


def _bound(value: Any, given: Mapping[str, Any]) -> Any:
    """Every text of a value, however deep."""
    if type(value) is str:
        match = _BOUND.fullmatch(value)
        return value if match is None else _text(given.get(match[1]), value)
    if isinstance(value, tuple):
        return tuple(_bound(item, given) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        compared = [item.name for item in fields(value) if item.compare]
        return replace(value, **{name: _bound(getattr(value, name), given) for name in compared})
    return value


def _text(source: Any, written: str) -> str:
    if not isinstance(source, ValueSource):
        return written
    found = []
    for part in source.parts:
        match part:
            case Constant():
                found.append(part.text)
            case InputValue():
                found.append(f"${{{{inputs.{part.input}}}}}")
            case TaskValue():
                found.append(f"${{{{tasks.{part.task}.outputs.{part.output}}}}}")
    return "".join(found)
