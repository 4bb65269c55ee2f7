"""Components as users hold them: loaded, decorated or built; calling one makes a node.

What a component takes and gives is known at once (``ir`` ports). Its code, environment and command stay as the author
gave them (:class:`Raw`), or are IR already where the front end loaded a file.
"""

from dataclasses import field
from pathlib import Path
from typing import Any

from mlc.diagnostics import NOWHERE, Span
from mlc.ir.component import Component as LoadedComponent
from mlc.ir.component import InputPort, OutputPort
from mlc.ir.environment import NamedEnvironment
from mlc.ir.pipeline import Pipeline as LoadedPipeline
from mlc.records import dataclass
from mlc.sdk.node import Node, refuse_positional
from mlc.sdk.parallel_settings import node_fields
from mlc.sdk.ports import Input, Output, of_output, of_port
from mlc.sdk.private import COMPONENT, private, unknown
from mlc.sdk.session import session
from mlc.sdk.settings import ResourceConfiguration, as_dict, as_distribution, as_settings


@dataclass(slots=True, kw_only=True)
class Raw:
    """A command component as its author gave it. ``base`` is the folder that its relative paths are relative to."""

    command: str
    base: Path
    cwd: Path = field(default_factory=Path.cwd)
    """The working folder when it was made."""
    code: Any = None
    environment: Any = None
    resources: Any = None
    distribution: Any = None
    is_deterministic: bool = True
    is_python_function: bool = False
    needs_mlflow: bool = False
    """Whether the reference adds mlflow to the environment."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Generated code, instead of a folder."""
    parallel: dict[str, Any] | None = None
    """The settings of a parallel component, whose ``command`` is the arguments of its script."""


class Component:
    """Something that makes nodes. ``body`` None: it could not be had, which was reported; it takes anything."""

    def __init__(self, name: str, body: Raw | LoadedComponent | LoadedPipeline | None, **more: Any) -> None:
        self.name = name
        self.body = body
        self.unsupported: str | None = more.pop("unsupported", None)
        self.input_ports: tuple[InputPort, ...] = more.pop("input_ports", ())
        self.output_ports: tuple[OutputPort, ...] = more.pop("output_ports", ())
        self.span: Span = more.pop("span", NOWHERE)
        self.version: Any = more.pop("version", None)
        self.display_name: Any = more.pop("display_name", None)
        self.description: Any = more.pop("description", None)
        self.tags: Any = more.pop("tags", None)
        self.is_command = False
        """Whether ``command()`` made it: its nodes show its environment, those of other components show none."""
        self.changes: dict[str, Any] = {}
        self._by_name = {port.name: port for port in self.input_ports}
        session().components.append(self)

    @property
    def open(self) -> bool:
        """Whether its ports are not known."""
        return self.body is None and not self.input_ports and not self.output_ports

    @property
    def node_fields(self) -> dict[str, Any]:
        """What its nodes have besides the attributes of any other: the settings of a parallel component."""
        return node_fields(getattr(self.body, "parallel", None))

    def input(self, name: str) -> InputPort | None:
        """The declared input of that name."""
        return self._by_name.get(name)

    def output(self, name: str) -> OutputPort | None:
        """The declared output of that name."""
        return next((port for port in self.output_ports if port.name == name), None)

    @property
    def inputs(self) -> dict[str, Input]:
        """The declared inputs, for reading."""
        return {port.name: of_port(port) for port in self.input_ports}

    @property
    def outputs(self) -> dict[str, Output]:
        """The declared outputs, for reading."""
        return {port.name: of_output(port) for port in self.output_ports}

    @property
    def component(self) -> "Component":
        """Itself, where the reference has a function with a component inside."""
        return self

    @property
    def _func(self) -> Any:
        """A function with the component's description, for scripts that show ``component._func.__doc__``."""

        def component_func(**inputs: Any) -> Any:
            return self(**inputs)

        component_func.__name__ = self.name
        component_func.__doc__ = f"{self.description or ''}\n\nInputs: {', '.join(self.inputs)}"
        return component_func

    def __setattr__(self, name: str, value: Any) -> None:
        if name in CHANGEABLE and "changes" in self.__dict__:
            self.changes[name] = value = _CONVERTED[name](value) if name in _CONVERTED else value
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if "body" not in self.__dict__:
            raise AttributeError(name)
        if name.startswith("_") or name == "dump":
            return private(name, "Component")
        if name in _SHOWN and isinstance(self.body, LoadedComponent):
            return _shown(name, self.body)
        if name not in COMPONENT and not hasattr(self.body, name) and self.unsupported is None and not self.open:
            raise unknown(name, "Component", {*COMPONENT, *_CONVERTED})
        found = getattr(self.body, name, None)
        if name in _CONVERTED and isinstance(self.body, LoadedComponent):
            setattr(self, name, as_dict(found) if found is not None else {})
            return self.__dict__[name]
        return found

    def __call__(self, /, *positional: Any, **inputs: Any) -> Node:
        """A node that runs the component once; it belongs to the pipeline function that is being run, if any."""
        return Node(self, refuse_positional(self, positional, inputs) if positional else inputs)

    def __repr__(self) -> str:
        return f"<component {self.name}>"


_SHOWN = frozenset(("command", "code", "environment"))


def _shown(name: str, body: LoadedComponent) -> Any:
    """A field of a component that was read from a file, as the reference's attribute: text, or an environment."""
    from mlc.ir.describe import command_text
    from mlc.sdk.environment import Environment
    from mlc.sdk.source import Source

    if name == "command":
        return command_text(body.command)
    written = session().read_mapping(Source(path=Path(body.span.file), overrides=[]), body.span) or {}
    if name == "code" or isinstance(body.environment, NamedEnvironment):
        return written.get(name)
    return Environment(loaded=body.environment, name=body.environment.name)


_CONVERTED: dict[str, Any] = {
    "resources": lambda value: as_settings(value, ResourceConfiguration),
    "distribution": as_distribution,
}

CHANGEABLE = frozenset(
    [
        *("environment", "code", "command", "resources", "distribution", "is_deterministic"),
        *("version", "display_name", "description", "tags"),
    ]
)
"""What a script may set on a component after it was made."""


def of_loaded(loaded: LoadedComponent | LoadedPipeline) -> Component:
    """A component that the front end has read from a file."""
    if isinstance(loaded, LoadedPipeline):
        inputs = tuple(item.port for item in loaded.inputs)
        outputs = tuple(
            OutputPort(name=item.name, type=item.type or pipeline_output_type(loaded, item.name), span=item.span)
            for item in loaded.outputs
        )
        return Component(
            loaded.name,
            loaded,
            input_ports=inputs,
            output_ports=outputs,
            display_name=loaded.display_name,
            description=loaded.description,
            span=loaded.span,
        )
    return Component(
        loaded.name,
        loaded,
        input_ports=loaded.inputs,
        output_ports=loaded.outputs,
        version=loaded.version,
        display_name=loaded.display_name,
        description=loaded.description,
        tags=dict(loaded.tags),
        span=loaded.span,
    )


def pipeline_output_type(pipeline: LoadedPipeline, name: str) -> Any:
    """The type of a pipeline's output that declares none: its producer's, else a folder."""
    from mlc.ir.pipeline import CommandNode, PipelineNode
    from mlc.ir.types import PortType

    for node in pipeline.nodes:
        for binding in node.outputs:
            if name not in binding.promoted_to:
                continue
            if binding.type is not None:
                return binding.type
            if isinstance(node, CommandNode) and (port := node.component.output(binding.name)):
                return port.type
            if isinstance(node, PipelineNode):
                return pipeline_output_type(node.pipeline, binding.name)
    return PortType.URI_FOLDER


def broken(name: str, span: Span, *, unsupported: str | None = None) -> Component:
    """A component that cannot be had; what is said about it was said, the rest of the source is checked."""
    return Component(name, None, span=span, unsupported=unsupported)
