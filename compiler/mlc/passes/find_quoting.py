"""Every placeholder of every command learns the shell quoting that surrounds it."""

from collections.abc import Iterator
from dataclasses import replace

from mlc.ir.plan import Plan, Task
from mlc.ir.template import Bracket, InputRef, OutputRef, Part, Quoting, Template, Text
from mlc.passes.context import Context
from mlc.passes.shell import answers
from mlc.passes.shell.lexer import Answer


def find_quoting(plan: Plan, context: Context) -> Plan:
    """Fill in ``quoting`` and ``around``; each command is read once. Where none helps, an error was given before."""
    known: dict[int, Template] = {}
    tasks: list[Task] = []
    for task in plan.tasks:
        if id(task.command) not in known:
            known[id(task.command)] = tuple(_filled(task.command, iter(answers(task.command))))
        tasks.append(replace(task, command=known[id(task.command)]))
    return replace(plan, tasks=tuple(tasks))


def _filled(template: Template, found: Iterator[Answer]) -> Iterator[Part]:
    for part in template:
        match part:
            case InputRef() | OutputRef():
                answer = next(found)
                inner, *around = (Quoting.NUMBER,) if isinstance(answer, str) else answer
                yield replace(part, quoting=inner, around=tuple(around))
            case Bracket():
                yield replace(part, parts=tuple(_filled(part.parts, found)))
            case Text():
                yield part
