"""Remote data -> a step that fetches it: an ordinary task with mlc's own program, whose output the consumers mount."""

import re
from collections.abc import Callable
from functools import cache

from mlc.config import Config
from mlc.files import File
from mlc.ir.image import Recipe, UvInstall
from mlc.ir.plan import (
    Constant,
    InputValue,
    OutputSource,
    PlanComponent,
    PlanInput,
    Role,
    Task,
    TaskInput,
    TaskOutput,
    ValueParts,
    ValueSource,
)
from mlc.ir.template import InputRef, OutputRef, Template, Text
from mlc.ir.types import Mode, PortType
from mlc.ir.value_parts import merged
from mlc.passes.lowering.names import slug, unique, words
from mlc.passes.lowering.python_version import base_with
from mlc.passes.lowering.recipe import files_digest
from mlc.records import dataclass
from mlc.resources import templates

OUTPUT = "data"
PYTHON = ">=3.10"
"""What the program and its packages run on; the configured default base has it, or uv brings one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Remote data on its way through the levels. ``input``: the pipeline input that it is the value of, or None."""

    uri: str
    type: PortType
    input: str | None = None
    suffix: str = ""
    below: ValueParts = ()
    mode: Mode | None = None
    optional: bool = False
    """Whether ``input`` may be emptied when the pipeline is started: then there is nothing to fetch."""

    def as_text(self) -> ValueSource:
        """The URI itself, for a command that wants that (mode ``direct``)."""
        path = (Constant(text=self.suffix),) if self.suffix else self.below
        behind = (Constant(text="/"), *path) if path else ()
        uri = Constant(text=self.uri) if self.input is None else InputValue(input=self.input)
        return ValueSource(parts=merged((uri, *behind)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One step that fetches: ``given`` is the plan input with the URI."""

    name: str
    given: str
    type: PortType
    title: str
    optional: bool = False
    twin: "_Step | None" = None
    """Another step with the same URI, as far as nobody sets one of them: what that has fetched is taken over."""


class Fetches:
    """The steps that fetch: one for every pipeline input, one for every URI and type that jobs name themselves.

    Two pipeline inputs with the same URI can be set apart, so each has its step; the data comes over the network once.
    """

    def __init__(self, register: Callable[[str, Remote], str], taken: set[str]) -> None:
        """``register`` makes a plan input for a step's URI and gives its name; ``taken``: names of other steps."""
        self._register = register
        self._taken = taken
        self._known: dict[tuple[str, ...], _Step] = {}
        self._first: dict[tuple[str, str], _Step] = {}

    def source(self, remote: Remote) -> OutputSource:
        """What a consumer mounts; the step is registered when it is first asked for."""
        key = (remote.input,) if remote.input is not None else (remote.uri, remote.type)
        step = self._known.get(key)
        if step is None:
            wished = remote.input or _last_name(remote.uri)
            name = unique(f"fetch_{_word(wished)}", self._taken, "_")
            self._taken.add(name)
            given = remote.input or self._register(name, remote)
            twin = self._first.get((remote.uri, remote.type))
            title = words(f"Fetches {_last_name(remote.uri)}")
            step = _Step(name=name, given=given, type=remote.type, title=title, optional=remote.optional, twin=twin)
            self._known[key] = self._first.setdefault((remote.uri, remote.type), step) if twin is None else step
        return OutputSource(task=step.name, output=OUTPUT, suffix=remote.suffix, below=remote.below)

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def names(self) -> frozenset[str]:
        """Of the tasks."""
        return frozenset(step.name for step in self._known.values())

    def tasks(self, component: str, image: str) -> tuple[Task, ...]:
        """The steps as tasks, which need nothing but a network; ``component`` and ``image`` are :func:`program`'s."""
        return tuple(_task(step, component, image) for step in self._known.values())


def _task(step: _Step, component: str, image: str) -> Task:
    twin = step.twin
    inputs = [_uri("uri", step)]
    if twin is not None:
        inputs.append(_uri("twin_uri", twin))
        source = OutputSource(task=twin.name, output=OUTPUT)
        inputs.append(TaskInput(name="twin", type=twin.type, source=source))
    return Task(
        name=step.name,
        role=Role.FETCH,
        component=component,
        image=image,
        command=_command(step),
        inputs=tuple(inputs),
        outputs=(TaskOutput(name=OUTPUT, type=step.type, volume=f"{step.name}-{OUTPUT}"),),
        after=() if twin is None else (twin.name,),
        display_name=step.title,
    )


def _uri(name: str, step: _Step) -> TaskInput:
    return TaskInput(name=name, type=PortType.STRING, source=ValueSource(parts=(InputValue(input=step.given),)))


def remote_input(name: str, variable: str, remote: Remote) -> PlanInput:
    """The plan input of a URI that a job names itself."""
    return PlanInput(name=name, variable=variable, type=remote.type, value=remote.uri, remote=True, of_pipeline=False)


@cache
def program() -> PlanComponent:
    """The code of the steps that fetch and deliver."""
    folder = templates() / "fetch"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".py"))
    files = tuple((name, File((folder / name).read_bytes())) for name in found)
    return PlanComponent(name="mlc-fetch", files=files, digest=files_digest(files))


def recipe(config: Config) -> Recipe:
    """The environment of those steps: fsspec and its driver for Azure, every version fixed."""
    text = (templates() / "fetch" / "requirements.txt").read_text(encoding="utf-8")
    lines = tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    base = base_with(config.default_base, PYTHON)
    return UvInstall(base=base, python=PYTHON, requirements=lines, installer_image=config.uv_image)


def _command(step: _Step) -> Template:
    type_ = f"'{step.type}?'" if step.optional else step.type
    own: Template = (
        Text(text=f'python fetch.py {type_} "'),
        InputRef(name="uri"),
        Text(text='" "'),
        OutputRef(name=OUTPUT),
        Text(text='"'),
    )
    if step.twin is None:
        return own
    return (*own, Text(text=f' {step.twin.name} "'), InputRef(name="twin_uri"), Text(text='"'))


def _last_name(uri: str) -> str:
    """The last part of a URI's path, else its container or host."""
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(uri.partition("#")[0])
    path = unquote(parts.path).strip("/")
    return path.rpartition("/")[2] or parts.username or parts.hostname or "data"


def _word(name: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[.-]", "_", slug(name, "data"))).strip("_")
