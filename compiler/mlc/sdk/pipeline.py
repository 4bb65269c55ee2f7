"""``@pipeline``: a function whose body makes nodes. Called on its own it gives a job, inside of another one a node."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import OutputPort
from mlc.ir.types import PortType
from mlc.sdk.annotations import Parameter, parameter_span, parameters
from mlc.sdk.arguments import bind
from mlc.sdk.component import Component
from mlc.sdk.definition import Builder, Definition, PipelineParameter
from mlc.sdk.group import GroupParameter, flattened, values
from mlc.sdk.inert import Inert
from mlc.sdk.job import PipelineJob
from mlc.sdk.node import Node
from mlc.sdk.node_io import BROKEN, resolved
from mlc.sdk.pipeline_outputs import outputs
from mlc.sdk.ports import Input, Output, ignored
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of, known_type, literal

DEEPEST = 100
"""Levels of nested pipeline functions; the reference's limit."""

_SETTINGS = (
    "default_compute",
    "default_datastore",
    "continue_on_step_failure",
    "force_rerun",
    "on_init",
    "on_finalize",
)
_LEGACY = ("compute", "default_compute_target", "non_pipeline_inputs", "non_pipeline_parameters", "get_component")
_NAMED = ("name", "version", "display_name", "description", "experiment_name", "tags")


class PipelineFunction:
    """A decorated function. ``options`` are the decorator's keywords; ``span`` is the decorator's place."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any], span: Span) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.options = options
        self.span = span
        raw = options.get("non_pipeline_inputs") or options.get("non_pipeline_parameters") or ()
        self.plain: tuple[str, ...] = tuple(raw) if isinstance(raw, list | tuple) else (str(raw),)
        self.parameters = parameters(function, span, skip=self.plain)
        self.nested = False
        """Whether it was used inside of another pipeline function."""
        self.broken = False
        """Whether it has parameters for which nothing can be passed, which is reported once, here."""
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
                what = f"Pipeline {self.name!r} takes any number of arguments ({name!r})"
                place = parameter_span(function, name, span)
                session().report("E215", what, fix="List its parameters by name", span=place)
                self.broken = True
        for item in self.parameters:
            _warn_of_settings(item)

    @property
    def name(self) -> str:
        """What its jobs and nodes are called."""
        return str(self.options.get("name") or self.function.__name__)

    @property
    def version(self) -> str:
        """The decorator's, which a script asks for after it registered the function as a component."""
        return str(self.options.get("version") or "1")

    @property
    def id(self) -> str:
        """What the service would call the component."""
        return f"azureml:{self.name}:{self.version}"

    @property
    def required(self) -> list[str]:
        """Parameters without which it cannot be run alone."""
        plain = inspect.signature(self.function).parameters
        missing = [name for name in self.plain if name in plain and plain[name].default is inspect.Parameter.empty]
        return missing + [item.name for item in self.parameters if _is_required(item)]

    @property
    def _pipeline_builder(self) -> Any:
        """By which scripts get at the component, private though it is: what it builds is used as the function is."""
        return Inert("builder", build=lambda *_, **__: self)

    def __call__(self, /, *positional: Any, **keywords: Any) -> Any:
        """Run the body: a job, or a node of the pipeline function that is being run."""
        span = here()
        if len(session().builders) >= DEEPEST:
            what = f"Pipelines are nested more than {DEEPEST} levels deep"
            session().report("E215", what, why="A pipeline that calls itself never ends", span=span)
            return Node(Component(self.name, None, span=span), {})
        if self.broken:
            definition = Definition(name=self.name, parameters=[], span=self.span, broken=True)
            inner = Component(self.name, None, span=span)
            return Node(inner, {}) if session().builders else PipelineJob(definition, self._settings(), {}, span)
        given = bind(self.function, self.name, positional, keywords, span)
        definition = self._define(given, span)
        if session().builders:
            return self._node(definition)
        return PipelineJob(definition, self._settings(), self.options, span)

    def _define(self, given: dict[str, Any], span: Span) -> Definition:
        arguments: dict[str, Any] = {name: given[name] for name in self.plain if name in given}
        built: list[PipelineParameter] = []
        for parameter in self.parameters:
            value = given.get(parameter.name)
            if parameter.group is not None:
                arguments[parameter.name] = _grouped(parameter, value, built, span)
                continue
            place = span.at(parameter.name)
            item = _parameter(parameter, resolved(value, parameter.name, place), place)
            built.append(item)
            arguments[parameter.name] = item.reference
        definition = Definition(
            name=self.name,
            parameters=built,
            display_name=self.options.get("display_name") or self.name,
            description=self.options.get("description") or inspect.getdoc(self.function) or "",
            tags=self.options.get("tags"),
            span=self.span,
            function=self,
        )
        builder = Builder(definition, getattr(self.function, "__code__", None))
        returned = builder.run(lambda: self.function(**arguments))
        definition.outputs = outputs(returned, self.function, definition, self.span)
        return definition

    def _node(self, definition: Definition) -> Node:
        self._check_types()
        if any(self.options.get(name) is not None for name in _SETTINGS):
            what = f"The settings of pipeline {self.name!r} have no effect here"
            why = "A pipeline inside of another one runs with the outer one's settings"
            session().report("W203", what, why=why)
        ports = tuple(item.port(PortType.STRING) for item in definition.parameters)
        results = tuple(
            OutputPort(name=name, type=output.declared.type if output.declared else PortType.URI_FOLDER)
            for name, output in definition.outputs.items()
        )
        component = Component(self.name, None, input_ports=ports, output_ports=results, span=self.span)
        inputs = {item.name: item.value for item in definition.parameters}
        node = Node(component, inputs, definition=definition)
        for name, output in definition.outputs.items():
            if output.settings:  # what is said inside counts, until something else is said here
                node.output_of(name).settings.update(output.settings)
        return node

    def _check_types(self) -> None:
        """Report, once, parameters of unknown type: nested pipelines declare what they take, as components do."""
        for parameter in self.parameters if not self.nested else ():
            if parameter.declared is None and parameter.group is None:
                what = f"Parameter {parameter.name!r} of pipeline {self.name!r} has no type"
                why = "A pipeline that is used inside of another one declares its inputs"
                fix = 'Annotate it, for example with int or Input(type="uri_folder"), or give it a default'
                place = parameter_span(self.function, parameter.name, self.span)
                session().report("E208", what, why=why, fix=fix, span=place)
        self.nested = True

    def _settings(self) -> dict[str, Any]:
        found = {name: self.options.get(name) for name in _SETTINGS}
        found["default_compute"] = (
            found["default_compute"] or self.options.get("default_compute_target") or self.options.get("compute")
        )
        return {name: value for name, value in found.items() if value is not None}


def pipeline(function: Any = None, **options: Any) -> Any:
    """Decorate a function that describes a pipeline; works with and without parentheses."""
    span = here()
    known = (*_NAMED, *_SETTINGS, *_LEGACY)
    ignored("@pipeline", options, known, span)

    def decorate(decorated: Callable[..., Any]) -> Any:
        if not callable(decorated):
            what = f"@pipeline decorates {kind_of(decorated)}"
            session().report("E215", what, fix="Put it above a function", span=span)
            return decorated
        return PipelineFunction(decorated, options, span)

    return decorate if function is None else decorate(function)


def _is_required(parameter: Parameter) -> bool:
    declared = parameter.declared
    if parameter.group is not None or parameter.default is not inspect.Parameter.empty:
        return False
    return not (isinstance(declared, Input) and (declared.optional or declared.default is not None))


def _parameter(parameter: Parameter, value: Any, span: Span) -> PipelineParameter:
    declared = parameter.declared if isinstance(parameter.declared, Input) else None
    type_ = known_type(parameter.declared.type) if parameter.declared is not None else _type(value)
    return PipelineParameter(
        name=parameter.name,
        declared=declared,
        type=type_,
        value=value,
        reference=PipelineInput(parameter.name, value, type_),
        span=parameter.span if value is None else span,
    )


def _warn_of_settings(parameter: Parameter) -> None:
    """A parameter that is an ``Output`` is no output, to the reference either: what it says of one is lost."""
    declared = parameter.declared
    said = [name for name in ("mode", "path", "name", "version") if getattr(declared, name, None) is not None]
    if isinstance(declared, Output) and said:
        what = f"What parameter {parameter.name!r} says of an output ({', '.join(said)}) has no effect"
        why = "The outputs of a pipeline are what it returns; Azure's SDK ignores this, too"
        fix = f"Set it on the job, for example job.outputs.{parameter.name}.{said[0]} = ..."
        session().report("W103", what, why=why, fix=fix, span=parameter.span)


def _grouped(parameter: Parameter, value: Any, built: list[PipelineParameter], span: Span) -> GroupParameter:
    """Flatten a group: one parameter per field, and the object that the body sees."""
    if value is None and parameter.default is not inspect.Parameter.empty:
        value = parameter.default
    declared = flattened(parameter.group, parameter.name)

    def walk(cls: Any, name: str, instance: Any) -> GroupParameter:
        fields: dict[str, Any] = {}
        for field, item in values(instance, cls).items():
            path = f"{name}.{field}"
            nested = cls._mlc_group_[field]
            if hasattr(nested, "_mlc_group_"):
                fields[field] = walk(nested, path, item)
                continue
            one = Parameter(name=path, declared=declared.get(path), default=None, span=span)
            built.append(_parameter(one, resolved(item, path, span), span))
            fields[field] = built[-1].reference
        return GroupParameter(fields)

    return walk(parameter.group, parameter.name, value)


def _type(value: Any) -> PortType | None:
    if isinstance(value, Input | PipelineInput | NodeOutput):
        return known_type(value.type)
    plain = literal(value) if value is not BROKEN else None
    return plain[0] if plain else None
