"""What the author said: nodes, bindings, nested pipelines. Front ends end here; passes before ``lower`` stay here.

Names inside a :class:`Pipeline` refer to that level only: an inner node's ``PipelineInputRef("x")`` is the ``x`` of
the pipeline that holds the node. Nothing is checked yet: references may dangle, values may not fit; passes say so.
"""

from dataclasses import field

from mlc.diagnostics import NOWHERE, Span
from mlc.files import File
from mlc.ir.component import Component, Distribution, InputPort, OutputPort, Resources
from mlc.ir.sweep import Sweep
from mlc.ir.types import Mode, Pairs, PortType
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value as text, in the form that the command gets (``True``, ``1e-05``, ``x y``); ``type``: the value's own."""

    text: str
    type: PortType = PortType.STRING
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The content of data that its source made and took away again. A folder has no ``file_name``; a file's path is ''.

    Paths are relative to the folder, with slashes.
    """

    files: tuple[tuple[str, File], ...]
    file_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Data by location. ``uri`` is as written; ``local`` is its absolute path where it is a local file or folder.

    ``origin`` says who gave a name that was written this place (a mapping, a data asset's file); '' where a place was.
    """

    uri: str
    local: str | None = None
    origin: str = field(default="", compare=False)
    type: PortType = PortType.URI_FOLDER
    mode: Mode | None = None
    kept: Kept | None = None
    awaited: bool = False
    """Whether it is known, and was said, that ``local`` is not there yet."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInputRef:
    """``${{parent.inputs.name}}``. ``mode`` is the node's own wish for data."""

    name: str
    mode: Mode | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeOutputRef:
    """``${{parent.jobs.node.outputs.output}}``."""

    node: str
    output: str
    mode: Mode | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInputRef:
    """``${{parent.jobs.node.inputs.input}}``: whatever that input is bound to."""

    node: str
    input: str
    mode: Mode | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Text and references one after another (``${{parent.inputs.d}}/sub/x.csv``, ``f"pre-{s}"``)."""

    parts: "tuple[Literal | PipelineInputRef | NodeOutputRef | NodeInputRef, ...]"
    span: Span = field(default=NOWHERE, compare=False)


BROKEN_NODE = "_broken"
"""A node of no known outputs, to which inputs are bound about whose values something was said already."""

Value = Literal | Data | PipelineInputRef | NodeOutputRef | NodeInputRef | Joined


@dataclass(frozen=True, slots=True, kw_only=True)
class InputBinding:
    """What a node's input gets. ``span`` is the place of the input's name."""

    name: str
    value: Value
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputBinding:
    """What becomes of a node's output: the outputs of the enclosing pipeline it is, and its settings."""

    name: str
    promoted_to: tuple[str, ...] = ()
    type: PortType | None = None
    mode: Mode | None = None
    path: str | None = None
    delivery: str | None = None
    """What the datastore in ``path`` stands for here: an absolute path, or a URL."""
    asset_name: str | None = None
    asset_version: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandNode:
    """A step that runs a component: once, or as often as ``sweep`` or the component's ``parallel`` say."""

    name: str
    component: Component
    inputs: tuple[InputBinding, ...] = ()
    outputs: tuple[OutputBinding, ...] = ()
    compute: str | None = None
    resources: Resources = Resources()
    distribution: Distribution | None = None
    environment_variables: Pairs = ()
    timeout: int | None = None
    """Seconds (``limits.timeout``)."""
    services: tuple[str, ...] = ()
    """Names of what Azure would start beside the command (Jupyter, TensorBoard, SSH)."""
    sweep: Sweep | None = None
    """Set where the component is a sweep's trial: the swept inputs are not bound."""
    display_name: str | None = None
    description: str = ""
    tags: Pairs = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineNode:
    """A nested pipeline."""

    name: str
    pipeline: "Pipeline"
    inputs: tuple[InputBinding, ...] = ()
    outputs: tuple[OutputBinding, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedNode:
    """A node of a kind that mlc refuses by name (spark, automl, if_else, ...), kept so that the rest is checked.

    ``type`` '' means that the front end has already said what is wrong (a missing component file): passes say nothing
    about the node itself, and know nothing of its outputs.
    """

    name: str
    type: str
    inputs: tuple[InputBinding, ...] = ()
    outputs: tuple[OutputBinding, ...] = ()
    output_ports: tuple[OutputPort, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


Node = CommandNode | PipelineNode | UnsupportedNode


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInput:
    """An input of the pipeline: its declaration and, at the top level, the value it was given."""

    port: InputPort
    value: Literal | Data | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOutput:
    """An output of the pipeline; which node makes it stands in the nodes' :class:`OutputBinding`.

    ``type`` None: the type is the producer's.
    """

    name: str
    type: PortType | None = None
    mode: Mode | None = None
    path: str | None = None
    delivery: str | None = None
    """As of an :class:`OutputBinding`."""
    description: str = ""
    asset_name: str | None = None
    asset_version: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``settings:`` of a pipeline job; at nested levels only what the reference honours there (nothing) is used."""

    default_compute: str | None = None
    default_datastore: str | None = None
    continue_on_step_failure: bool = False
    force_rerun: bool = False
    on_init: str | None = None
    on_finalize: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A pipeline job, or a pipeline component when nested. ``nodes`` are in creation order."""

    name: str
    """Of the function, the YAML's ``name``/``display_name`` or the file: what the bundle is called."""
    nodes: tuple[Node, ...]
    display_name: str | None = None
    description: str = ""
    experiment_name: str | None = None
    tags: Pairs = ()
    inputs: tuple[PipelineInput, ...] = ()
    outputs: tuple[PipelineOutput, ...] = ()
    settings: Settings = Settings()
    span: Span = field(default=NOWHERE, compare=False)

    def node(self, name: str) -> Node | None:
        """The node of that name at this level."""
        return next((node for node in self.nodes if node.name == name), None)
