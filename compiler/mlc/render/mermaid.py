"""The plan's graph in Mermaid, which GitHub and many editors draw."""

import re

from mlc.ir.many import mark
from mlc.ir.plan import DataSource, OutputSource, Plan, Task, TaskValue, ValueSource
from mlc.ir.value_parts import value_parts

_SPECIAL = re.compile(r'["#<>&`\\;{}|\[\]\n\r\t]')


def mermaid(plan: Plan) -> str:
    """A flowchart: data, steps, outputs; edges carry the names of the consumers' ports."""
    ids = {task.name: f"step{number}" for number, task in enumerate(plan.tasks, 1)}
    lines = ["flowchart TD"]
    used = {port.source.input for task in plan.tasks for port in task.inputs if isinstance(port.source, DataSource)}
    data = {given.name: f"data{number}" for number, given in enumerate(plan.inputs, 1) if given.name in used}
    lines += [f'  {data[name]}(["{_text(name)}"])' for name in data]
    for task in plan.tasks:
        gpu = "<br/>GPU" if task.reservation.wants_gpu else ""
        about = "" if task.component == task.name else f"<br/><small>{_text(task.component)}</small>"
        about += f"<br/><small>{task.hook}</small>" if task.hook else ""
        many = mark(task)
        start, end = ("[[", "]]") if many else ("[", "]")  # a double border for many runs
        many = f"<br/>{_text(many)}" if many else ""
        lines.append(f'  {ids[task.name]}{start}"{_text(task.name)}{about}{many}{gpu}"{end}')
    for task in plan.tasks:
        lines += _edges(task, ids, data)
    for number, output in enumerate(plan.outputs, 1):
        lines.append(f'  {ids[output.task]} -->|"{_text(output.output)}"| out{number}(["{_text(output.name)}"])')
    return "\n".join(lines) + "\n"


def _edges(task: Task, ids: dict[str, str], data: dict[str, str]) -> list[str]:
    target = ids[task.name]
    lines, producers = [], set()
    for port in task.inputs:
        match port.source:
            case DataSource(input=name):
                lines.append(f'  {data[name]} -->|"{_text(port.name)}"| {target}')
            case OutputSource(task=producer):
                producers.add(producer)
                lines.append(f'  {ids[producer]} -->|"{_text(port.name)}"| {target}')
            case ValueSource() | None:
                pass
        for part in dict.fromkeys(value_parts(port.source)):
            if isinstance(part, TaskValue):
                producers.add(part.task)
                lines.append(f'  {ids[part.task]} -->|"{_text(port.name)}"| {target}')
    return lines + [f"  {ids[name]} -.-> {target}" for name in task.after if name not in producers]


def _text(text: str) -> str:
    """Text in quotes: what Mermaid or HTML would read becomes a numbered entity."""
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
