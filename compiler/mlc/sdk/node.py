"""Nodes: one use of a component or of a pipeline function inside of a pipeline function (or alone, as a job)."""

from itertools import count
from typing import Any, Protocol

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.sdk.inert import Inert
from mlc.sdk.node_io import BROKEN, NodeInputs, NodeOutputs
from mlc.sdk.parallel_settings import copied
from mlc.sdk.private import private
from mlc.sdk.references import NodeInput, NodeOutput
from mlc.sdk.session import here, session
from mlc.sdk.settings import (
    CommandJobLimits,
    JobResourceConfiguration,
    PipelineJobSettings,
    QueueSettings,
    as_dict,
    as_distribution,
    as_settings,
)
from mlc.sdk.unknown import Unknown, refuse, warn
from mlc.sdk.values import kind_of, nearest

_numbers = count(1)

_CONVERTED: dict[str, Any] = {
    "resources": lambda value: as_settings(value, JobResourceConfiguration),
    "limits": lambda value: as_settings(value, CommandJobLimits),
    "queue_settings": lambda value: as_settings(value, QueueSettings),
    "settings": lambda value: as_settings(value, PipelineJobSettings),
    "distribution": as_distribution,
}

_KNOWN = frozenset(
    [
        "compute",
        "display_name",
        "description",
        "comment",
        "tags",
        "properties",
        "identity",
        "environment",
        "services",
        "is_deterministic",
        "experiment_name",
        "code",
        "command",
        "version",
        "type",
        "status",
        "id",
        "job_tier",
        "priority",
        "creation_context",
        "base_path",
        "parent",
        "parent_job_name",
        "log_files",
        "job_service",
        "search_space",
    ]
)
"""Attributes of the reference's nodes that are None until they are set."""

_COPIED = ("compute", "tags", "environment_variables", "limits", "distribution", "resources", "queue_settings")
"""What a call of a ``command()`` object hands on to the node that it makes."""


class Runnable(Protocol):
    """What a node has to know of the component that it runs."""

    name: str
    unsupported: str | None
    input_ports: tuple[InputPort, ...]


class Node:
    """``number`` is its order of creation; ``definition`` the pipeline that it runs, for a nested pipeline function.

    ``unsupported`` names a kind of step that mlc refuses; such a node takes any attribute.
    """

    is_node = True

    def __init__(
        self,
        component: Runnable,
        inputs: dict[str, Any],
        *,
        definition: Any = None,
        unsupported: str | None = None,
        joins: bool = True,
    ) -> None:
        values = self.__dict__
        values["number"] = next(_numbers)
        values["component"] = component
        values["definition"] = definition
        values["unsupported"] = unsupported or component.unsupported
        values["span"] = here()
        values["own_name"] = None
        values["loaded"] = None
        values["is_sweep"] = False
        values["places"] = {}
        values["bound"] = {}
        values["produced"] = {}
        values["more"] = getattr(component, "node_fields", {})
        for name, value in inputs.items():
            self.inputs.bind(name, value, self.span.at(name))
        if joins and session().builders:
            session().builders[-1].add(self)

    @property
    def inputs(self) -> NodeInputs:
        """Its inputs by name; assigning binds."""
        return NodeInputs(self)

    @property
    def outputs(self) -> NodeOutputs:
        """Its outputs by name; assigning sets where and how they are written."""
        return NodeOutputs(self)

    @property
    def name(self) -> str | None:
        """The name that the author gave; the variable's name is given when the pipeline function has returned."""
        found: str | None = self.own_name
        return found

    @property
    def open(self) -> bool:
        """Whether it takes any input and gives any output."""
        return self.component.open and self.definition is None

    def input_of(self, name: str) -> NodeInput:
        """The input of that name, bound or not."""
        bound: dict[str, NodeInput] = self.bound
        if name not in bound:
            bound[name] = NodeInput(self, name, None, here())
        return bound[name]

    def output_of(self, name: str) -> NodeOutput:
        """The output of that name, declared or not; passes say what is not declared."""
        produced: dict[str, NodeOutput] = self.produced
        if name not in produced:
            produced[name] = NodeOutput(self, name, self.component.output(name), here())
        return produced[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _CONVERTED:
            value = _CONVERTED[name](value)
        elif name == "name":
            value, name = self._lowered(value), "own_name"
        elif name in {"inputs", "outputs"}:
            if not hasattr(value, "items"):
                what = f"'{name}' of a node is set to {kind_of(value)}"
                session().report("E209", what, fix=f"Write node.{name}.NAME = ...")
                return
            for key, item in value.items():
                getattr(self, name)[str(key)] = item
            return
        elif name in {"command", "code"}:
            setattr(self.component, name, value)  # of all its nodes, as in the reference
        elif name == "environment":
            self.__dict__["environment_at"] = here()
        elif not self._is_known(name):
            warn(name, nearest(name, _names(self)))
        self.__dict__[name] = value

    def _is_known(self, name: str) -> bool:
        """Whether an attribute means something: nodes of other kinds have more of them."""
        known = name in _KNOWN or name in self.__dict__ or name == "environment_variables" or name.startswith("_")
        return known or name in self.more or self.unsupported is not None

    def __getattr__(self, name: str) -> Any:
        """Settings made on first use; anything else unknown is reported, for reading it would be a mistake."""
        if name.startswith("_"):
            return private(name, type(self).__name__)
        if name in {"command", "code", "environment", "type"}:
            return self._of_component(name)
        if name in self.more:
            return self.__dict__.setdefault(name, copied(self.more[name]))
        if name == "environment_variables":
            return self.__dict__.setdefault(name, {})
        if name in _CONVERTED:
            own = getattr(self.component.body, name, None) if name in {"resources", "distribution"} else None
            self.__dict__[name] = _CONVERTED[name](as_dict(own) if own is not None else {})
            return self.__dict__[name]
        if name in _KNOWN:
            return None
        if self.unsupported is not None:
            return self.__dict__.setdefault(name, Inert(name))
        return self._unknown(name)

    def _of_component(self, name: str) -> Any:
        """What its component says; an environment only of a ``command()``, as in the reference."""
        if name == "type":
            return self._type()
        shown = name != "environment" or getattr(self.component, "is_command", False)
        return getattr(self.component, name, None) if shown else None

    def _type(self) -> str:
        if self.unsupported or self.definition is not None:
            return self.unsupported or "pipeline"
        is_parallel = getattr(self.component.body, "parallel", None) is not None
        return "sweep" if self.is_sweep else "parallel" if is_parallel else "command"

    def __getitem__(self, name: str) -> Any:
        what = f"node[{name!r}] is not how an output is reached"
        why = "The reference gives an empty object here and the input stays unset"
        session().report("E216", what, why=why, fix=f"Write node.outputs[{name!r}]")
        return self.output_of(str(name))

    def __call__(self, /, *positional: Any, **inputs: Any) -> "Node":
        """A new node of the same component, with this one's settings; what is not given is as here."""
        if positional:
            inputs = refuse_positional(self.component, positional, inputs)
        given = {name: item.value for name, item in self.bound.items() if name not in inputs and item.value is not None}
        new = Node(self.component, inputs | given, unsupported=self.unsupported)
        for name in (*_COPIED, *self.more):
            if name in self.__dict__ and not (self.is_sweep and name == "limits"):
                value = self.__dict__[name]
                new.__dict__[name] = value.copy() if hasattr(value, "copy") else value
        for name, item in self.produced.items():
            new.output_of(name).settings.update(item.settings)
        if self.display_name and self.display_name != self.own_name:
            new.display_name = self.display_name
        if self.more:
            new.__dict__["own_name"] = self.own_name  # nodes of a parallel function have its name, in the reference
        return new

    def set_resources(self, **values: Any) -> None:
        """Change some of its resources."""
        for name, value in values.items():
            if value is not None:
                self.resources[name] = value

    def set_limits(self, **values: Any) -> None:
        """Change its limits (``timeout`` in seconds)."""
        for name, value in values.items():
            self.limits[name] = value

    def set_queue_settings(self, **values: Any) -> None:
        """Change priority and tier, which containers do not know."""
        for name, value in values.items():
            self.queue_settings[name] = value

    def sweep(self, **settings: Any) -> "Node":
        """A node that searches over its inputs, instead of it."""
        from mlc.sdk.sweep import sweep_settings

        for builder in session().builders:
            builder.remove(self)
        new = Node(self.component, {}, unsupported=self.unsupported)
        spaces = {key: item for key, item in self.bound.items() if hasattr(type(item.value), "_mlc_distribution_")}
        for name, item in self.bound.items():
            if name not in spaces:
                new.bound[name] = item.of(new)
        for name, item in self.produced.items():
            new.output_of(name).settings.update(item.settings)
        for name in ("own_name", "display_name", "description", "tags", "experiment_name", "compute", "resources"):
            if self.__dict__.get(name) is not None:
                new.__dict__[name] = copied(self.__dict__[name])
        if settings.get("compute") is not None:
            new.compute = settings["compute"]
        new.__dict__ |= sweep_settings(settings, {key: item.value for key, item in spaces.items()})
        new.__dict__ |= {"is_sweep": True, "trial": self.component}
        new.__dict__["places"] = {key: item.span for key, item in spaces.items()}
        return new

    def set_objective(self, **values: Any) -> None:
        """Change goal or primary_metric of a sweep."""
        for name, value in values.items():
            self.objective[name] = value

    def _lowered(self, value: Any) -> str | None:
        text = None if value is None else str(value)
        if text is not None and text != text.lower():
            what = f"The node name {text!r} is used as {text.lower()!r}"
            session().report("W201", what, why="Names of nodes are lower case")
            text = text.lower()
        return text

    def _unknown(self, name: str) -> Any:
        fix = nearest(name, _names(self))
        if name in {"run_after", "after", "depends_on"}:
            fix = "Pass an output of the other step to an input of this one: only data orders steps"
        elif self.component.output(name):
            fix = f"Write node.outputs.{name}"
        elif self.component.input(name):
            fix = f"Write node.inputs.{name}"
        if not fix:
            return Unknown(name)
        refuse(name, fix)
        return BROKEN

    def __repr__(self) -> str:
        return f"<node {self.own_name or self.component.name}>"


_METHODS = ("outputs", "inputs", "set_resources", "set_limits", "sweep", "environment_variables", "name")


def _names(node: Node) -> list[str]:
    return [*(key for key in node.__dict__ if not key.startswith("_")), *_KNOWN, *_CONVERTED, *_METHODS]


def refuse_positional(component: Runnable, positional: tuple[Any, ...], inputs: dict[str, Any]) -> dict[str, Any]:
    """Report positional arguments; gives the inputs with those marked that were probably meant."""
    meant = [port.name for port in component.input_ports if port.name not in inputs]
    session().report(
        "E210",
        f"Component {component.name!r} is called with positional arguments",
        why="Components take keywords only",
        fix=f"Write {component.name}({', '.join(f'{port.name}=...' for port in component.input_ports)})",
    )
    return dict.fromkeys(meant[: len(positional)], BROKEN) | inputs


def place(node: Node) -> Span:
    """Where the node was made."""
    span: Span = node.span
    return span
