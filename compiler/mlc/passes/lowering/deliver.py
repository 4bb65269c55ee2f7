"""Outputs with a place of their own -> steps that take them there: a folder of this machine, or Azure storage."""

import os
import re
from collections.abc import Callable, Iterator, Mapping

from mlc.ir.pipeline import OutputBinding, PipelineOutput
from mlc.ir.plan import (
    DataSource,
    InputValue,
    OutputSource,
    PlanInput,
    Role,
    Source,
    Task,
    TaskInput,
    TaskOutput,
    ValueSource,
)
from mlc.ir.template import InputRef, Template, Text
from mlc.ir.types import PortType
from mlc.passes.lowering.flatten import Step
from mlc.passes.lowering.names import slug, unique
from mlc.records import dataclass

STORAGE = re.compile(
    r"(?i)(?:wasbs?|abfss?)://[^/@\s]+@[^/@\s]+|https?://[a-z0-9]+\.(?:[a-z0-9]+\.)?(?:blob|dfs)\.[^/]+/."
)
"""Where a step of the bundle can write."""

_NAME, _PORT = re.compile(r"\$\{\{\s*name\s*\}\}"), re.compile(r"\$\{\{\s*output_name\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One output and its place: an absolute path, or a URL."""

    task: str
    port: str
    place: str
    name: str
    """Of the output, for people: the pipeline's own where it is one."""

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.place


def deliveries(step: Step, of_pipeline: Mapping[tuple[str, str], PipelineOutput], pipeline: str) -> Iterator[Delivery]:
    """The outputs of a step that go further. What is said of the pipeline's output wins, as for all of its settings."""
    bindings = {binding.name: binding for binding in step.node.outputs}
    for port in step.node.component.outputs:
        outer = of_pipeline.get((step.name, port.name))
        items = (item for item in (outer, bindings.get(port.name)) if item is not None and item.path is not None)
        place = destination(next(items, None))
        if place is not None and port.type.is_data:
            place = _PORT.sub(port.name, _NAME.sub(pipeline, place))
            name = outer.name if outer is not None else f"{step.name}_{port.name}"
            yield Delivery(task=step.name, port=port.name, place=place, name=name)


def destination(item: OutputBinding | PipelineOutput | None) -> str | None:
    """Where an output goes besides its volume: what its datastore stands for, or storage that its path names."""
    if item is None or item.delivery is not None:
        return item.delivery if item is not None else None
    return item.path if item.path and STORAGE.match(item.path) else None


class Deliveries:
    """Makes the tasks. ``register`` takes a plan input; ``program`` gives component and image of mlc's own program."""

    def __init__(
        self, register: Callable[[str, str, bool], PlanInput], taken: set[str], program: Callable[[], tuple[str, str]]
    ) -> None:
        self._register = register
        self._taken = taken
        self._program = program

    def task(self, delivery: Delivery, producer: Task) -> Task:
        """The step that delivers an output of ``producer``; a local one needs nothing but that task's own image."""
        output = next(item for item in producer.outputs if item.name == delivery.port)
        name = unique(f"deliver_{_word(delivery.name)}", self._taken, "_")
        self._taken.add(name)
        folder, file = _split(delivery.place, output)
        given = self._register(name, folder, delivery.is_local)
        component, image = (name, producer.image) if delivery.is_local else self._program()
        data = OutputSource(task=delivery.task, output=delivery.port)
        where = ValueSource(parts=(InputValue(input=given.name),))
        inputs = [_input("data", output.type, data), _input("where", PortType.STRING, where)]
        if delivery.is_local:
            inputs.append(_input("folder", PortType.URI_FOLDER, DataSource(input=given.name, writable=True)))
        return Task(
            name=name,
            role=Role.DELIVER,
            component=component,
            image=image,
            command=_copy(file) if delivery.is_local else _upload(file),
            inputs=tuple(inputs),
            after=(delivery.task,),
            display_name=f"Delivers {delivery.name}",
        )


def _input(name: str, type_: PortType, source: Source) -> TaskInput:
    return TaskInput(name=name, type=type_, source=source)


def _split(place: str, output: TaskOutput) -> tuple[str, str]:
    """The folder to write to, and the name of the file that it gets ('' for a folder)."""
    if output.file_name is None:
        return place, ""
    head, tail = os.path.split(place)
    return (head, tail) if tail else (head, output.file_name)


def _copy(file: str) -> Template:
    """A file appears whole or not at all."""
    data, folder = InputRef(name="data"), InputRef(name="folder")
    trouble = '" ] || { echo "error: the user $(id -u) cannot write to '
    fix = "it belongs to another user. Set MLC_UID in .env to its owner"
    check = (
        *(Text(text='[ -w "'), folder, Text(text=trouble)),
        *(InputRef(name="where"), Text(text=f': {fix}" >&2; exit 1; }}\n')),
    )
    told = (Text(text=' && echo "delivered to '), InputRef(name="where"), Text(text='"'))
    if not file:
        return (*check, Text(text='cp -R "'), data, Text(text='/." "'), folder, Text(text='/"'), *told)
    name = "'" + file.replace("'", "'\\''") + "'"
    part = f"/.{name}.part"
    return (
        *(*check, Text(text='cp "'), data, Text(text='" "'), folder, Text(text=f'"{part} && mv -f "'), folder),
        *(Text(text=f'"{part} "'), folder, Text(text=f'"/{name}'), *told),
    )


def _upload(file: str) -> Template:
    name = "'" + file.replace("'", "'\\''") + "'"
    return (
        *(Text(text='python deliver.py "'), InputRef(name="data"), Text(text='" "'), InputRef(name="where")),
        Text(text=f'" {name}'),
    )


def _word(name: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[.-]", "_", slug(name, "output"))).strip("_")
