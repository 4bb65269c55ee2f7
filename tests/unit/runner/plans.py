"""Small plans whose steps are shell commands, their bundles on the disk, and a report that remembers."""

import re
import threading
from dataclasses import replace
from pathlib import Path

from mlc.diagnostics import Diagnostic
from mlc.files import File, write_tree
from mlc.images.report import State, Subject
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import (
    DataSource,
    InputValue,
    OutputSource,
    Plan,
    PlanComponent,
    PlanInput,
    Source,
    Task,
    TaskInput,
    TaskOutput,
    ValueSource,
)
from mlc.ir.template import InputRef, OutputRef, Part, Text
from mlc.ir.types import PortType
from mlc.render.runtime import runtime_files

FOLDER = PortType.URI_FOLDER
IMAGE = Image(name="env", recipe=UseImage(base="busybox"), components=("code",), key="e" * 64, reference="mlc/p-env:1")
CODE = PlanComponent(name="code", files=(("hello.txt", File(b"hello\n")),), digest="c" * 64)


def command(text: str) -> tuple[Part, ...]:
    """A command in which ``{x}`` stands for the input x and ``{>y}`` for the output y."""
    parts: list[Part] = []
    for number, piece in enumerate(re.split(r"\{(>?\w+)\}", text)):
        if number % 2 == 0:
            parts.append(Text(text=piece))
        elif piece.startswith(">"):
            parts.append(OutputRef(name=piece[1:]))
        else:
            parts.append(InputRef(name=piece))
    return tuple(parts)


def step(name: str, text: str, *after: str, **more: object) -> Task:
    """A step with an output ``out``, and an input for the output of each step before it."""
    inputs = tuple(
        TaskInput(name=f"from_{of}", type=FOLDER, source=OutputSource(task=of, output="out")) for of in after
    )
    task = Task(
        name=name,
        component="code",
        image="env",
        command=command(text),
        inputs=inputs,
        outputs=(TaskOutput(name="out", type=FOLDER, volume=f"{name}-out"),),
        after=tuple(sorted(after)),
        key=(name * 64)[:64],
    )
    return replace(task, **more)  # type: ignore[arg-type]


def with_input(task: Task, name: str, type_: PortType, source: Source) -> Task:
    return replace(task, inputs=(*task.inputs, TaskInput(name=name, type=type_, source=source)))


def plan(*tasks: Task, **more: object) -> Plan:
    return replace(Plan(name="p", tasks=tasks, images=(IMAGE,), components=(CODE,), source="pipe.py"), **more)  # type: ignore[arg-type]


EPOCHS = PlanInput(name="epochs", variable="INPUT_EPOCHS", type=PortType.INTEGER, value="10")
RAW = PlanInput(name="raw", variable="INPUT_RAW", type=FOLDER, value="../data")
OF_EPOCHS = ValueSource(parts=(InputValue(input="epochs"),))
OF_RAW = DataSource(input="raw")


def write(plan: Plan, root: Path) -> Path:
    """The part of the bundle that a run needs."""
    tree = dict(runtime_files())
    for component in plan.components:
        tree |= {f"components/{component.name}/{path}": file for path, file in component.files}
    write_tree(tree, root)
    return root


class Told:
    """Remembers everything; ``when`` maps a line of output to what is done when it comes."""

    def __init__(self, **when: object) -> None:
        self.messages: list[str] = []
        self.items: list[Diagnostic] = []
        self.begun: list[str] = []
        self.lines: list[tuple[str, str]] = []
        self.ends: dict[str, State] = {}
        self._when = when
        self.busy = threading.Lock()

    def message(self, text: str) -> None:
        self.messages.append(text)

    def diagnostic(self, item: Diagnostic) -> None:
        self.items.append(item)

    def started(self, subject: Subject, name: str) -> None:
        self.begun.append(name)

    def line(self, subject: Subject, name: str, text: str) -> None:
        assert self.busy.acquire(blocking=False), "two calls at a time"
        self.lines.append((name, text))
        self.busy.release()
        action = self._when.get(text)
        if callable(action):
            action()

    def doing(self, subject: Subject, name: str, text: str, detail: str = "") -> None:
        """Not remembered."""

    def finished(self, subject: Subject, name: str, state: State, seconds: float) -> None:
        assert name not in self.ends, "told twice"
        self.ends[name] = state

    @property
    def codes(self) -> list[str]:
        return [item.code for item in self.items]
