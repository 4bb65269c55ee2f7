"""What will be built and run: images, tasks, mounts, edges, keys. It names no engine and no generated file.

Back ends, the image cache and the runner read this and nothing else. Nested pipelines are gone: a task's name is the
path of node names joined by dots (``first.s1``). Paths are relative to the bundle's root, so a plan can be dumped,
moved and loaded.
"""

from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from mlc.files import File
from mlc.ir.image import LOCAL, Image
from mlc.ir.parallel import Parallel
from mlc.ir.sweep import Sweep
from mlc.ir.template import Template
from mlc.ir.types import Pairs, PortType
from mlc.records import dataclass

FORMAT = 1
"""Version of ``plan.json``; raised when a loader of the old form would misread the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """Something the bundle's user can set: a pipeline input, or data that a node names itself.

    ``variable`` (``INPUT_EPOCHS``, ``DATA_TRAIN_RAW``) stands in ``.env``. ``value`` is text for values; for data a
    path relative to the bundle's root (absolute only across Windows drives). None: not given.
    """

    name: str
    variable: str
    type: PortType
    value: str | None
    optional: bool = False
    description: str = ""
    of_pipeline: bool = True
    """False for data that a node names itself."""
    remote: bool = False
    """Of data: ``value`` is a URI, which a step fetches or a command gets as text; nothing is mounted for it."""
    written: bool = False
    """Of data: a folder (or URI) that a step delivers to. A folder is made if it is not there."""
    file_name: str | None = None
    """For one-file data: the name under which steps see it."""
    vendored: tuple[tuple[str, File], ...] = field(default=(), metadata=LOCAL, repr=False)
    """With ``--vendor-data``: files to copy to ``value``, by path relative to it ('' where the data is one file)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComponent:
    """A code snapshot of the bundle: folder ``components/<name>/``."""

    name: str
    files: tuple[tuple[str, File], ...] = field(default=(), metadata=LOCAL, repr=False)
    digest: str = ""
    """SHA-256 (hex) over paths, executable bits and bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Text known when compiling."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputValue:
    """The value of a plan input, as set when the pipeline is started."""

    input: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskValue:
    """The value that another task's primitive output has at run time."""

    task: str
    output: str


ValueParts = tuple[Constant | InputValue | TaskValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSource:
    """A value: its parts, one after another.

    ``default``: for a pipeline input that may be left empty when the pipeline is started; stands for an empty text.
    """

    parts: ValueParts
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Local data, mounted read-only: the plan input that names it, and a path below it (``sub/x.csv``) or ''.

    ``below``: instead of ``suffix``, the parts of a path that is known when the step starts; the launcher checks it.
    """

    input: str
    suffix: str = ""
    below: ValueParts = ()
    writable: bool = False
    """A folder to write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSource:
    """Another task's output, mounted read-only; ``suffix`` and ``below`` as in :class:`DataSource`."""

    task: str
    output: str
    suffix: str = ""
    below: ValueParts = ()


Source = ValueSource | DataSource | OutputSource


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInput:
    """An input of a task. ``source`` None: an optional input without a value."""

    name: str
    type: PortType
    source: Source | None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutput:
    """An output of a task: one volume. ``file_name`` is set where the output is one file or a primitive value."""

    name: str
    type: PortType
    volume: str
    file_name: str | None = None
    """None for one file, too, where the run decides its name (:attr:`Role.FETCH`)."""
    path: str | None = None
    """A destination that the author named, as written."""
    asset_name: str | None = None
    asset_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What a task gets of the machine. ``gpus`` -1 means all; ``device_ids`` wins over ``gpus``."""

    compute: str | None = None
    """The compute's name in the source, for people."""
    gpus: int = 0
    device_ids: tuple[str, ...] = ()
    cpus: float | None = None
    memory: str | None = None
    """As Compose writes sizes: ``8g``, ``512m``."""
    shm_size: str | None = None

    @property
    def wants_gpu(self) -> bool:
        """Whether any device is reserved."""
        return bool(self.gpus or self.device_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Over how many machines and processes a task runs, for which library; more than one each cannot be run yet."""

    library: str = ""
    """pytorch, mpi, tensorflow or ray; '' where the author named none."""
    instances: int = 1
    """0: as many as an input of the pipeline says."""
    processes: int = 1
    """On each instance; of TensorFlow its workers on all instances; 0: as many as an input of the pipeline says."""
    servers: int = 0
    """TensorFlow's parameter servers."""

    @property
    def is_single(self) -> bool:
        """Whether it is one process on one machine."""
        return self.instances == self.processes == 1 and not self.servers and self.library != "ray"


class Role(StrEnum):
    """Whose work a task does."""

    STEP = "step"
    """The author's."""
    FETCH = "fetch"
    """It brings remote data to the machine: its outputs stay from run to run, and are known by their content."""
    DELIVER = "deliver"
    """It takes an output to where the author wants it."""


class Hook(StrEnum):
    """The setting of a pipeline that names a job."""

    ON_INIT = "on_init"
    ON_FINALIZE = "on_finalize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step."""

    name: str
    role: Role = Role.STEP
    component: str
    image: str
    """Name of its :class:`Image`."""
    command: Template
    """With the quoting around each placeholder filled in."""
    inputs: tuple[TaskInput, ...] = ()
    outputs: tuple[TaskOutput, ...] = ()
    after: tuple[str, ...] = ()
    """Tasks that must have succeeded before, sorted: producers, and the edges at boundaries of nested pipelines."""
    always: bool = False
    """A step of ``on_finalize``, or one for its data: no failure elsewhere keeps it from running. Those of ``after``
    that are not such tasks must only have ended."""
    hook: Hook | None = None
    """The setting of the pipeline that names its job, for people: what it means is in ``after`` and ``always``."""
    environment: Pairs = ()
    reservation: Reservation = Reservation()
    timeout: int | None = None
    """Seconds."""
    reuse: bool = True
    """False: run even if nothing changed (``is_deterministic: false``, ``force_rerun``)."""
    is_python_function: bool = False
    spread: Spread = Spread()
    sweep: Sweep | None = None
    """Set where it runs once per trial; the swept inputs have no source."""
    parallel: Parallel | None = None
    """Set where it runs once per mini-batch; ``command`` is the arguments of the entry script then."""
    display_name: str | None = None
    description: str = ""
    key: str = ""
    """SHA-256 (hex) of what is known when compiling; the launcher adds values, data and producers' keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutput:
    """An output of the pipeline and the task output that it is."""

    name: str
    task: str
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole pipeline, ready to be built. ``tasks`` are in topological order; ties keep the author's order."""

    name: str
    """Of the bundle and of the Compose project: ``[a-z0-9][a-z0-9_-]*``."""
    tasks: tuple[Task, ...]
    images: tuple[Image, ...]
    components: tuple[PlanComponent, ...]
    inputs: tuple[PlanInput, ...] = ()
    outputs: tuple[PlanOutput, ...] = ()
    display_name: str | None = None
    description: str = ""
    experiment_name: str = "Default"
    source: str = ""
    """File name of the source, for people."""
    platform: str = "linux/amd64"
    """What its images are built for, whatever machine builds them."""
    registry: str = ""
    """What the names of its images begin with where they are shared; '' they are not."""
    continue_on_step_failure: bool = False
    format: int = FORMAT

    @property
    def always(self) -> frozenset[str]:
        """Names of the tasks that run whatever becomes of the others."""
        return frozenset(task.name for task in self.tasks if task.always)

    def task(self, name: str) -> Task:
        """The task of that name; ``KeyError`` if there is none."""
        return _by_name(self.tasks, name)

    def image(self, name: str) -> Image:
        """The image of that name; ``KeyError`` if there is none."""
        return _by_name(self.images, name)

    def input(self, name: str) -> PlanInput:
        """The plan input of that name; ``KeyError`` if there is none."""
        return _by_name(self.inputs, name)


T = TypeVar("T", Task, Image, PlanInput)


def _by_name(items: tuple[T, ...], name: str) -> T:
    for item in items:
        if item.name == name:
            return item
    raise KeyError(name)
