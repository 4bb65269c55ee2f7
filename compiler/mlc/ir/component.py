"""A command component: what it takes and gives, what it runs, where its code and its environment are."""

from dataclasses import field

from mlc.diagnostics import NOWHERE, Span
from mlc.files import File
from mlc.ir.environment import Environment
from mlc.ir.parallel import Parallel
from mlc.ir.template import Template
from mlc.ir.types import Mode, Pairs, PortType
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPort:
    """A declared input. ``default`` is the text that the command gets (``True``, ``0.1``, ``10``); None: no default."""

    name: str
    type: PortType
    optional: bool = False
    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] = ()
    mode: Mode | None = None
    description: str = ""
    broken: bool = field(default=False, compare=False)
    """The front end has said what is wrong with the declaration: its uses are not judged by what is known of it."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPort:
    """A declared output; a primitive type means the value that a Python function returns."""

    name: str
    type: PortType
    mode: Mode | None = None
    description: str = ""
    broken: bool = field(default=False, compare=False)
    """As of an input."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code snapshot: the files that the step finds in its working folder, by relative POSIX path, sorted."""

    files: tuple[tuple[str, File], ...]
    span: Span = field(default=NOWHERE, compare=False)


UNKNOWN_COUNT = -1
"""As many instances as an input of the pipeline says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a component or node asks of its compute; None: not said."""

    instance_count: int | None = None
    instance_type: str | None = None
    shm_size: str | None = None
    docker_args: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """``type`` is pytorch, mpi, tensorflow or ray; ``settings`` are its other keys as text."""

    type: str
    settings: Pairs = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A command component, from YAML, a decorated function or ``command()``."""

    name: str
    command: Template
    environment: Environment
    version: str | None = None
    display_name: str | None = None
    description: str = ""
    tags: Pairs = ()
    inputs: tuple[InputPort, ...] = ()
    outputs: tuple[OutputPort, ...] = ()
    code: Code | None = None
    resources: Resources = Resources()
    distribution: Distribution | None = None
    parallel: Parallel | None = None
    """Set for a parallel component, whose ``command`` is the arguments of its entry script."""
    is_deterministic: bool = True
    is_python_function: bool = False
    """Its command is ``mldesigner execute ...``: the shim in the bundle runs the function."""
    span: Span = field(default=NOWHERE, compare=False)

    def input(self, name: str) -> InputPort | None:
        """The declared input of that name."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> OutputPort | None:
        """The declared output of that name."""
        return next((port for port in self.outputs if port.name == name), None)
