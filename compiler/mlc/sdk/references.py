"""What a node's inputs can be bound to inside of a pipeline function: its parameters and other nodes' outputs.

In strings they show as ``${{parent.inputs.x}}``; a node has no name before its function has returned, so its outputs
show with a token that the front end resolves: ``${{parent.jobs.#7.outputs.o}}``.
"""

from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import OutputPort
from mlc.ir.pipeline import Data
from mlc.ir.types import PortType
from mlc.sdk.expressions import Operand
from mlc.sdk.ports import Input, Output, of_data
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of


class PipelineInput(Operand):
    """A parameter inside of its pipeline function."""

    def __init__(self, port: str, value: Any, type_: PortType | None) -> None:
        self.port = port
        self.value = value
        self.type = type_
        self.mode: Any = None
        self.description: Any = None

    def result(self) -> Any:
        """The value that the caller gave, through any number of enclosing pipelines; None where a default counts."""
        value = self.value
        while isinstance(value, PipelineInput):
            value = value.value
        return value

    @property
    def _data(self) -> Any:
        """What scripts ask, private though it is, to know whether a value was given."""
        return self.result()

    @property
    def path(self) -> Any:
        """The location, where data was given; setting it changes that data, wherever else it is used."""
        return getattr(self.result(), "path", None)

    @path.setter
    def path(self, value: Any) -> None:
        _set_path(self.result(), self.port, value)

    def __str__(self) -> str:
        return f"${{{{parent.inputs.{self.port}}}}}"

    def __format__(self, how: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<parameter {self.port}>"


class Setting:
    """An attribute that lives in the ``settings`` of its object."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        return instance.settings.get(self.name)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.settings[self.name] = value


class PathSetting(Setting):
    """Where an output is written; what is said of that is said at the line which sets it."""

    def __set__(self, instance: Any, value: Any) -> None:
        super().__set__(instance, value)
        instance.span = here()


class TypeSetting(Setting):
    """The type that was set, else the declared one."""

    def __get__(self, instance: Any, owner: type) -> Any:
        return super().__get__(instance, owner) or (instance.declared.type if instance.declared else None)


class NodeOutput(Operand):
    """An output of a node: bound to inputs, returned from pipelines, and settable (``mode``, ``path``, ``name``)."""

    mode = Setting()
    path = PathSetting()
    name = Setting()
    version = Setting()
    description = Setting()
    type = TypeSetting()

    def __init__(self, node: Any, port: str, declared: OutputPort | None, span: Span) -> None:
        self.node = node
        self.port = port
        self.declared = declared
        self.span = span
        self.settings: dict[str, Any] = {}

    def set(self, value: Any) -> None:
        """``node.outputs.x = Output(...)``, or a location as text."""
        self.span = here()
        if isinstance(value, str):
            self.settings["path"] = value
        elif isinstance(value, Output):
            given = {"type": value.type, "mode": value.mode, "path": value.path}
            given |= {"name": value.name, "version": value.version}
            if self.declared is not None and str(value.type) == PortType.URI_FOLDER:
                given.pop("type")  # as good as not said: it is what Output() is without a type
            self.settings = {key: item for key, item in given.items() if item is not None}
        elif value is not None:
            what = f"Output {self.port!r} is set to {kind_of(value)}"
            session().report("E209", what, fix="Assign Output(mode=..., path=...)", span=self.span)

    @property
    def port_name(self) -> str:
        """The reference's word for :attr:`port`."""
        return self.port

    @property
    def _owner(self) -> Any:
        """The node, for scripts that go back from outputs to nodes."""
        return self.node

    @property
    def token(self) -> str:
        """The place of the node's name in a string, until it has one."""
        return f"#{self.node.number}"

    def __str__(self) -> str:
        return f"${{{{parent.jobs.{self.token}.outputs.{self.port}}}}}"

    def __format__(self, how: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<output {self.port}>"


class NodeInput:
    """An input of a node: what it is bound to, and the node's own wishes (``mode``)."""

    def __init__(self, node: Any, port: str, value: Any, span: Span) -> None:
        self.node = node
        self.port = port
        self.value = value
        self.span = span
        self._mode: Any = None

    def of(self, node: Any) -> "NodeInput":
        """The same for another node."""
        new = NodeInput(node, self.port, self.value, self.span)
        new._mode = self._mode
        return new

    @property
    def mode(self) -> Any:
        """How the data reaches the step: as set here, or as the data says."""
        return self._mode if self._mode is not None else getattr(self.value, "mode", None)

    @mode.setter
    def mode(self, value: Any) -> None:
        if isinstance(self.value, Input):
            self.value.mode = value  # as in the reference, for every use of that object
        else:
            self._mode = value

    @property
    def path(self) -> Any:
        """The location, where data is bound directly."""
        return getattr(self.value, "path", None)

    @path.setter
    def path(self, value: Any) -> None:
        declared = self.node.component.input(self.port)
        if isinstance(self.value, str) and declared is not None and declared.type.is_data:
            self.value = value
        elif isinstance(self.value, PipelineInput):
            self.value.path = value
        elif isinstance(self.value, Data):
            self.value = of_data(self.value)
            self.value.path = value
        else:
            _set_path(self.value, self.port, value)

    @property
    def type(self) -> Any:
        """The declared type."""
        declared = self.node.component.input(self.port)
        return declared.type if declared else None

    def __str__(self) -> str:
        return f"${{{{parent.jobs.#{self.node.number}.inputs.{self.port}}}}}"

    def __repr__(self) -> str:
        return f"<input {self.port}>"


def _set_path(data: Any, port: str, path: Any) -> None:
    if isinstance(data, Input):
        data.path = path
        return
    what = f"The path of input {port!r} is set, but the input is bound to {kind_of(data)}"
    session().report("E209", what, why="Only data has a path", fix='Bind it to Input(type="uri_folder", path=...)')
