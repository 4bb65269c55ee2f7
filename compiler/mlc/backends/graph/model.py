"""What is drawn of a plan: boxes for steps, pills for inputs and outputs, one edge between any two of them."""

from enum import StrEnum

from mlc.ir.many import mark
from mlc.ir.plan import DataSource, InputValue, OutputSource, Plan, Reservation, Task, TaskInput, TaskValue
from mlc.ir.value_parts import value_parts
from mlc.render import prepared

SHARED_BY = 6
"""An input that more steps than this take is not drawn: its edges would hide the rest."""


class Kind(StrEnum):
    """What a node stands for; also its class in the picture's style."""

    INPUT = "input"
    STEP = "step"
    OUTPUT = "output"


@prepared
class Node:
    """A box or a pill. ``subtitle`` and ``badge`` may be empty."""

    id: str
    kind: Kind
    title: str
    subtitle: str = ""
    badge: str = ""
    many: str = ""
    """Why the step stands for many runs (``sweep of 20 trials``); '' for a plain one."""


@prepared
class Edge:
    """From ``source`` to ``target`` (ids). ``labels``: the ports; none where one step only waits for another."""

    source: str
    target: str
    labels: tuple[str, ...] = ()


@prepared
class Graph:
    """Nodes and edges in the plan's order; every edge goes from an earlier node's kind to a later one."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(plan: Plan) -> Graph:
    """The plan's graph. Ids are ``input:<name>``, ``step:<name>`` and ``output:<name>``."""
    used: dict[str, int] = {}
    for task in plan.tasks:
        for name in dict.fromkeys(name for port in task.inputs for name in _inputs(port)):
            used[name] = used.get(name, 0) + 1
    drawn = {name for name, times in used.items() if times <= SHARED_BY}
    nodes = [
        Node(id=f"input:{given.name}", kind=Kind.INPUT, title=given.name)
        for given in plan.inputs
        if given.name in drawn
    ]
    nodes += [_step(task) for task in plan.tasks]
    nodes += [Node(id=f"output:{output.name}", kind=Kind.OUTPUT, title=output.name) for output in plan.outputs]
    edges: list[Edge] = []
    for task in plan.tasks:
        edges += _edges(task, drawn)
    edges += [
        Edge(source=f"step:{output.task}", target=f"output:{output.name}", labels=(output.output,))
        for output in plan.outputs
    ]
    return Graph(nodes=tuple(nodes), edges=tuple(edges))


def _inputs(port: TaskInput) -> list[str]:
    data = [port.source.input] if isinstance(port.source, DataSource) else []
    return data + [part.input for part in value_parts(port.source) if isinstance(part, InputValue)]


def _producers(port: TaskInput) -> list[str]:
    data = [port.source.task] if isinstance(port.source, OutputSource) else []
    return data + [part.task for part in value_parts(port.source) if isinstance(part, TaskValue)]


def _edges(task: Task, drawn: set[str]) -> list[Edge]:
    labels: dict[str, list[str]] = {}
    for port in task.inputs:
        sources = [f"input:{name}" for name in _inputs(port) if name in drawn]
        sources += [f"step:{name}" for name in _producers(port)]
        for source in dict.fromkeys(sources):
            labels.setdefault(source, []).append(port.name)
    for name in task.after:
        labels.setdefault(f"step:{name}", [])
    return [Edge(source=source, target=f"step:{task.name}", labels=tuple(ports)) for source, ports in labels.items()]


def _step(task: Task) -> Node:
    return Node(
        id=f"step:{task.name}",
        kind=Kind.STEP,
        title=task.name,
        subtitle=", ".join(part for part in ("" if task.component == task.name else task.component, task.hook) if part),
        badge=_badge(task.reservation),
        many=mark(task),
    )


def _badge(asked: Reservation) -> str:
    if not asked.wants_gpu:
        return ""
    count = len(asked.device_ids) or asked.gpus
    return "all GPUs" if count < 0 else "GPU" if count == 1 else f"{count} GPUs"
