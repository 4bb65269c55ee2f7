"""``@command_component``: a Python function as a component, with the command by which the reference runs it."""

import functools
import inspect
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import InputPort, OutputPort
from mlc.ir.types import PortType
from mlc.sdk.annotations import parameter_span, parameters
from mlc.sdk.component import Component, Raw, broken
from mlc.sdk.execute import with_ports
from mlc.sdk.ports import Input, Output, input_port, output_port
from mlc.sdk.returns import returned
from mlc.sdk.session import here, session
from mlc.sdk.settings import ResourceConfiguration, as_distribution, as_settings
from mlc.sdk.values import kind_of, nearest

VALID = re.compile(r"[a-z][a-z0-9_]*\Z")

_KEYWORDS = (
    "name",
    "version",
    "display_name",
    "description",
    "is_deterministic",
    "tags",
    "environment",
    "distribution",
    "resources",
    "code",
)


def command_component(func: Any = None, **options: Any) -> Any:
    """Decorate a function that a step runs; works with and without parentheses. The body is never run here.

    What it gives looks like the function (``help()`` shows its own text), makes nodes when it is called, and has the
    component as ``.component``.
    """
    span = here()
    for name in options:
        if name not in _KEYWORDS:
            what = f"@command_component has no keyword {name!r}"
            fix = nearest(name, _KEYWORDS) or f"It has {', '.join(_KEYWORDS)}"
            session().report("E207", what, fix=fix, span=span.at(name))

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        component = _component(function, options, span)
        takes_more = _takes_more(function)

        def make_node(*positional: Any, **inputs: Any) -> Any:
            if takes_more and component.body is not None:
                from mlc.sdk.variable_inputs import with_more

                grown, inputs = with_more(component, inputs)
                return grown(*positional, **inputs)
            return component(*positional, **inputs)

        if inspect.isfunction(function):
            functools.update_wrapper(make_node, function)
        make_node.component = component  # type: ignore[attr-defined]
        return make_node

    return decorate if func is None else decorate(func)


def _component(function: Any, options: dict[str, Any], span: Span) -> Component:
    name = str(options.get("name") or getattr(function, "__name__", "component"))
    if not _usable(function, name, span):
        return broken(name, span)
    file = Path(span.file)
    code = _code(options.get("code"), file)
    source = _relative(file, code, name, span)
    inputs, outputs = _ports(function, name, span)
    raw = Raw(
        command=_command(source, name, inputs, outputs),
        base=file.parent,
        code=code,
        environment=options.get("environment"),
        resources=as_settings(options.get("resources"), ResourceConfiguration),
        distribution=as_distribution(options.get("distribution")),
        is_deterministic=options.get("is_deterministic") is not False,
        is_python_function=True,
        needs_mlflow=_needs_mlflow(function, outputs),
    )
    return Component(
        name,
        raw,
        input_ports=inputs,
        output_ports=outputs,
        span=span,
        version=options.get("version"),
        display_name=options.get("display_name") or name,
        description=options.get("description") or inspect.getdoc(function),
        tags=options.get("tags"),
    )


def _takes_more(function: Any) -> bool:
    """Whether it has ``**inputs``: then each call of the component may have inputs of its own."""
    if not inspect.isfunction(function):
        return False
    return any(item.kind is item.VAR_KEYWORD for item in inspect.signature(function).parameters.values())


def _usable(function: Any, name: str, span: Span) -> bool:
    if not inspect.isfunction(function):
        what = f"@command_component decorates {kind_of(function)}"
        session().report("E207", what, fix="Put it above a function", span=span)
        return False
    if not VALID.match(name):
        why = "Names start with a lower-case letter, and have lower-case letters, digits and _ only"
        good = re.sub(r"\W+", "_", name).strip("_").lower() or "component"
        what = f"The component name {name!r} is not allowed"
        session().report("E207", what, why=why, fix=f"Call it {good!r}", span=span.at("name"))
    kind = "a coroutine" if inspect.iscoroutinefunction(function) else ""
    kind = kind or ("a generator" if inspect.isgeneratorfunction(function) else "")
    kind = kind or ("an asynchronous generator" if inspect.isasyncgenfunction(function) else "")
    if kind:
        what = f"Component {name!r} is {kind}"
        session().report("E207", what, why="A step runs a plain function", fix="Remove async and yield", span=span)
        return False
    if not Path(span.file).is_file():
        what = f"Component {name!r} is not defined in a file"
        why = "A step runs the file in which its function is defined"
        fix = "Put it into a .py file beside the notebook (%%writefile does) and import it"
        session().report("E207", what, why=why, fix=fix, span=span)
        return False
    return True


def _code(given: Any, file: Path) -> Path:
    """The folder of the code: ``code=`` relative to the decorator's file, else the folder of that file."""
    return Path(_normal(file.parent / str(given))) if given else file.parent


def _normal(path: Path) -> str:
    import os.path

    return os.path.normpath(path)


def _relative(file: Path, code: Path, name: str, span: Span) -> str:
    for root in (code, code.resolve()):
        for each in (file, file.resolve()):
            if each.is_relative_to(root):
                return PurePosixPath(each.relative_to(root)).as_posix()
    what = f"The file of component {name!r} is not below its code folder {str(code)!r}"
    session().report("E207", what, fix="Let code= name a folder that holds the file", span=span)
    return file.name


def _ports(function: Any, name: str, span: Span) -> tuple[tuple[InputPort, ...], tuple[OutputPort, ...]]:
    inputs: list[InputPort] = []
    outputs: list[OutputPort] = []
    signature = inspect.signature(function).parameters
    for key, parameter in signature.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            what = f"Component {name!r} takes any number of arguments ({key!r})"
            why, fix = "Components take keywords only", f"List its inputs by name, or write **{key}"
            session().report("E207", what, why=why, fix=fix, span=parameter_span(function, key, span))
    for item in parameters(function, span):
        place = item.span
        if item.group is not None:
            what = f"Parameter {item.name!r} of component {name!r} is a group"
            where = parameter_span(function, item.name, span)
            session().report("E208", what, fix="List its fields as parameters of their own", span=where)
        elif item.declared is None:
            where = parameter_span(function, item.name, span)
            what = f"Parameter {item.name!r} of component {name!r} has no type"
            fix = "Annotate it, for example with int, str or Input(type=...), or give it a default"
            session().report("E208", what, fix=fix, span=where)
            inputs.append(InputPort(name=item.name, type=PortType.STRING, broken=True, span=place))
        elif isinstance(item.declared, Input):
            inputs.append(input_port(item.name, item.declared, place))
        else:
            outputs.append(output_port(item.name, item.declared, place))
    taken = {*(port.name for port in inputs), *(port.name for port in outputs)}
    for field, declared in returned(function, name, span).items():
        if field in taken:
            what = f"Component {name!r} has a parameter {field!r} and returns an output of that name"
            place = parameter_span(function, field, span)
            session().report("E208", what, fix="Rename the parameter", span=place)
            continue
        outputs.append(output_port(field, declared, declared.span))
    return tuple(inputs), tuple(outputs)


def _command(source: str, name: str, inputs: tuple[InputPort, ...], outputs: tuple[OutputPort, ...]) -> str:
    return with_ports(f"mldesigner execute --source {_quoted(source)} --name {name}", inputs, outputs)


def _quoted(source: str) -> str:
    """Quoted for the shell only where that is needed: the reference quotes nothing, and such files fail there."""
    return source if re.fullmatch(r"[\w@%+=:,./-]+", source, re.ASCII) else "'" + source.replace("'", "'\\''") + "'"


def _needs_mlflow(function: Any, outputs: tuple[OutputPort, ...]) -> bool:
    for parameter in inspect.signature(function).parameters.values():
        annotation = parameter.annotation
        if isinstance(annotation, Input) and str(annotation.type) in {"string", "number", "integer", "boolean"}:
            return True
        if isinstance(annotation, Output) and annotation.early_available:
            return True
    return any(not port.type.is_data for port in outputs)
