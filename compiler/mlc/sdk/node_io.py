"""``node.inputs`` and ``node.outputs``, and what may be bound to an input."""

from collections.abc import Iterator
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.pipeline import Data, Joined, Literal
from mlc.sdk.expressions import Expression, Operand
from mlc.sdk.ports import Input
from mlc.sdk.references import NodeInput, NodeOutput
from mlc.sdk.session import here, session
from mlc.sdk.unknown import Unknown, refuse
from mlc.sdk.values import kind_of, literal
from mlc.sdk.views import View, part


class Broken:
    """Stands for a value about which something was said already: whatever is done with it says nothing more."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        """Nothing: there is one for all."""

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        """Nothing, too."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __call__(self, *_: Any, **__: Any) -> Any:
        """The same again: a method that no node has."""
        return self


BROKEN = Broken()


class NodeInputs(View):
    """A node's inputs."""

    def bind(self, name: str, value: Any, span: Span) -> None:
        """Give the input a value; None means none."""
        name = self._declared(name, span)
        value = resolved(value, name, span)
        if isinstance(value, dict):
            for field, item in value.items():
                self.bind(f"{name}.{field}", item, span)
        elif value is None:
            self._owner.bound.pop(name, None)
        else:
            before = self._owner.bound.get(name)
            bound = self._owner.bound[name] = NodeInput(self._owner, name, value, span)
            is_binding = isinstance(value, Operand) or (isinstance(value, str) and "${{" in value)
            if before is not None and before.mode is not None and is_binding:
                bound.mode = before.mode

    def _declared(self, name: str, span: Span) -> str:
        """The declared name that is meant: the reference ignores case in keywords, and warns."""
        component = self._owner.component
        if component.input(name) is None:
            for port in component.input_ports:
                declared: str = port.name
                if declared.lower() == name.lower():
                    what = f"Input {name!r} is taken for {declared!r}"
                    session().report("W202", what, why="They differ by case only", span=span)
                    return declared
        return name

    def __getitem__(self, name: str) -> Any:
        if self._owner.component.input(name) is None and (group := part(self, name)) is not None:
            return group
        return self._owner.input_of(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.bind(name, value, here())

    def keys(self) -> list[str]:
        """Declared names, then others that were bound."""
        declared = [port.name for port in self._owner.component.input_ports]
        return declared + [name for name in self._owner.bound if name not in declared]


class NodeOutputs(View):
    """A node's outputs."""

    def __getitem__(self, name: str) -> Any:
        return self._owner.output_of(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._owner.output_of(name).set(value)

    def keys(self) -> list[str]:
        """Declared names, then others that were used."""
        declared = [port.name for port in self._owner.component.output_ports]
        return declared + [name for name in self._owner.produced if name not in declared]


def resolved(value: Any, name: str, span: Span) -> Any:
    """``value`` as an input can hold it: None, plain, data, a reference, a dict for a group; mistakes are reported."""
    if value is None or isinstance(value, str | Input | NodeOutput | Data | Literal | Joined):
        return value
    if isinstance(value, Expression):
        return _computed(value, name, span)
    if isinstance(value, Operand):
        return value
    if isinstance(value, NodeOutputs) or getattr(type(value), "is_node", False):
        return _only_output(value if isinstance(value, NodeOutputs) else value.outputs, name, span)
    if literal(value) is not None:
        return value
    return _special(value, name, span)


def _computed(expression: Expression, name: str, span: Span) -> Any:
    """Text where it only joins strings, else the output of a hidden node of the pipeline that is being made."""
    if expression.is_text:
        return str(expression)
    if session().builders:
        return session().builders[-1].computed(expression)
    what = f"Input {name!r} gets {expression.shown}, which would be computed by a step"
    why = "Steps are made while a pipeline function runs"
    session().report("E217", what, why=why, fix="Compute it inside of the pipeline function", span=span)
    return BROKEN


def _special(value: Any, name: str, span: Span) -> Any:
    if (fields := getattr(value, "_mlc_group_fields_", None)) is not None:
        return dict(fields())
    if (data := getattr(value, "_mlc_input_", None)) is not None:
        return data()
    if isinstance(value, dict) and "path" in value:
        return Input(**{str(key): item for key, item in value.items()})
    if isinstance(value, NodeInput):
        what = f"Input {name!r} is bound to another node's input"
        fix = "Bind it to what that input is bound to"
        session().report("E218", what, why="Only outputs and parameters can be bound", fix=fix, span=span)
    elif isinstance(value, Unknown):
        refuse(value._name)
    elif isinstance(value, Broken) or hasattr(value, "_mlc_distribution_"):
        return value
    else:
        _no_value(value, name, span)
    return BROKEN


def _no_value(value: Any, name: str, span: Span) -> None:
    kind = getattr(value, "_mlc_missing_", None)
    if kind is not None:
        what = f"The value of input {name!r} comes from {kind}, which is not installed here"
        session().report("E206", what, fix="Install it beside mlc", span=span)
        return
    what = f"Input {name!r} gets {kind_of(value)}"
    fix = "Pass a string, a number, a boolean, Input(...), a parameter or an output of another step"
    if hasattr(value, "__fspath__"):
        fix = "Pass Input(path=str(...)) for data, str(...) for text"
    elif isinstance(value, list | tuple | dict | set):
        fix = "Pass text and take it apart in the component, for example json.dumps(...)"
    session().report("E209", what, why="No input takes that", fix=fix, span=span)


def _only_output(outputs: NodeOutputs, name: str, span: Span) -> Any:
    if len(outputs) == 1:
        return outputs.values()[0]
    if outputs._owner.open:
        return BROKEN
    names = ", ".join(outputs.keys()) or "none"
    what = f"Input {name!r} gets a whole node that has {len(outputs)} outputs ({names})"
    session().report("E211", what, why="Exactly one would do", fix="Write node.outputs.<name>", span=span)
    return BROKEN
