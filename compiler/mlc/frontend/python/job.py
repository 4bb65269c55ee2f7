"""Jobs of the DSL -> ``ir.Pipeline``."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc.diagnostics import Span
from mlc.frontend.python.components import Components, name_of, pairs, settings_of
from mlc.frontend.python.values import Values
from mlc.frontend.yaml.located import Mapping, from_python
from mlc.frontend.yaml.settings import compute_name, distribution, pipeline_settings, resources, timeout
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.component import InputPort
from mlc.ir.pipeline import (
    BROKEN_NODE,
    CommandNode,
    Data,
    InputBinding,
    Literal,
    Node,
    OutputBinding,
    Pipeline,
    PipelineInput,
    PipelineNode,
    PipelineOutput,
    Settings,
    UnsupportedNode,
)
from mlc.ir.types import PortType
from mlc.records import dataclass
from mlc.sdk.definition import Definition, Nodes
from mlc.sdk.job import PipelineJob
from mlc.sdk.node import Node as Made
from mlc.sdk.references import NodeOutput
from mlc.sdk.references import PipelineInput as Reference
from mlc.sdk.values import mode, port_type


@dataclass(slots=True)
class Conversion:
    """Turns jobs into IR. ``base`` is what relative data paths are relative to."""

    components: Components
    base: Path

    def job(self, job: PipelineJob, experiment: str | None) -> Pipeline:
        """The job as it is now."""
        definition = job.definition
        values = Values(self.base)
        settings = {key: _name(value) for key, value in settings_of(job.settings).items()} | _ends(job)
        fields = self._fields({"settings": settings, "compute": _name(job.compute)}, job.span)
        inputs = []
        types = _wanted(definition)
        for parameter in definition.parameters:
            port = parameter.port(types.get(parameter.name, PortType.STRING))
            raw = job.values.get(parameter.name)
            value = None if raw is None else values.value(raw, None, parameter.span, parameter.name)
            span = job.span if raw is None else parameter.span
            inputs.append(_top_input(port, value, span))
        return replace(
            self._pipeline(definition, tuple(inputs), job.results),
            display_name=_text(job.display_name),
            description=_text(job.description) or "",
            experiment_name=_text(experiment or job.experiment_name),
            tags=pairs(job.tags),
            settings=pipeline_settings(fields),
            span=job.span if job.span.line else definition.span,
        )

    def alone(self, node: Made, experiment: str | None) -> Pipeline:
        """A single node that was submitted, as a pipeline of one."""
        from mlc.frontend.yaml.jobs import node_name

        own = node.__dict__.pop("environment", None)
        if own is not None:  # it counts where the node is a job of its own
            node.component.environment = own
        name = str(node.display_name or node.own_name or name_of(node.component))
        definition = Definition(name=name, parameters=[], span=node.span, nodes=Nodes({node_name(name): node}))
        definition.outputs = {port.name: node.output_of(port.name) for port in node.component.output_ports}
        results = {key: NodeOutput(node, key, None, node.span) for key in definition.outputs}
        experiment = experiment or node.experiment_name
        pipeline = self._pipeline(definition, (), results)
        return replace(pipeline, experiment_name=_text(experiment), span=node.span)

    def _pipeline(
        self, definition: Definition, inputs: tuple[PipelineInput, ...], results: dict[str, NodeOutput]
    ) -> Pipeline:
        values = Values(self.base, {node.number: name for name, node in definition.nodes.items()})
        promoted: dict[tuple[int, str], list[str]] = {}
        for name, output in definition.outputs.items():
            promoted.setdefault((output.node.number, output.port), []).append(name)
        nodes = [self._node(name, node, values, promoted) for name, node in definition.nodes.items()]
        if values.broken or definition.broken:
            nodes.append(UnsupportedNode(name=BROKEN_NODE, type=""))
        return Pipeline(
            name=definition.name,
            nodes=tuple(nodes),
            display_name=definition.display_name,
            description=definition.description,
            tags=pairs(definition.tags),
            inputs=inputs,
            outputs=tuple(_result(name, output) for name, output in results.items()),
            settings=Settings(),
            span=definition.span,
        )

    def _node(self, name: str, node: Made, values: Values, promoted: dict[tuple[int, str], list[str]]) -> Node:
        component = node.component
        inputs = tuple(
            InputBinding(name=key, value=values.bound(item, component.input(key)), span=item.span)
            for key, item in node.bound.items()
            if item.value is not None
        )
        outputs = tuple(_outputs(node, promoted))
        if node.loaded is not None:
            return self._loaded(name, node, inputs, outputs)
        if node.unsupported is not None or (component.body is None and node.definition is None):
            return UnsupportedNode(
                name=name,
                type=node.unsupported or "",
                inputs=inputs,
                outputs=outputs,
                output_ports=component.output_ports,
                span=node.span,
            )
        if node.definition is not None:
            nested = self._nested(node.definition)
            return PipelineNode(name=name, pipeline=nested, inputs=inputs, outputs=outputs, span=node.span)
        if isinstance(component.body, Pipeline):
            return PipelineNode(name=name, pipeline=component.body, inputs=inputs, outputs=outputs, span=node.span)
        return self._command(name, node, inputs, outputs)

    def _loaded(
        self, name: str, node: Made, inputs: tuple[InputBinding, ...], outputs: tuple[OutputBinding, ...]
    ) -> Node:
        """A node of a file, with what the script has set since."""
        read: Node = replace(node.loaded, name=name, inputs=inputs, outputs=outputs)
        if not isinstance(read, CommandNode):
            return read
        made = self._command(name, node, inputs, outputs)
        said = {field: getattr(made, field) for key, field in _SETTABLE.items() if key in node.__dict__}
        return replace(read, component=made.component, **said)

    def _nested(self, definition: Definition) -> Pipeline:
        types = _wanted(definition)
        inputs = tuple(
            PipelineInput(port=parameter.port(types.get(parameter.name, PortType.STRING)), span=parameter.span)
            for parameter in definition.parameters
        )
        results = {
            name: NodeOutput(item.node, name, item.declared, item.span) for name, item in definition.outputs.items()
        }
        return self._pipeline(definition, inputs, results)

    def _command(
        self, name: str, node: Made, inputs: tuple[InputBinding, ...], outputs: tuple[OutputBinding, ...]
    ) -> CommandNode:
        own = node.__dict__
        fields = self._fields(
            {
                "compute": _name(own.get("compute")),
                "resources": settings_of(own["resources"]) if own.get("resources") is not None else None,
                "distribution": settings_of(own["distribution"]) if own.get("distribution") is not None else None,
                "limits": settings_of(own["limits"]) if own.get("limits") is not None and not node.is_sweep else None,
            },
            node.span,
        )
        component = self.components.build(node.component)
        if own.get("environment") is not None:
            what, why = "The environment that is set on the node has no effect", "A component brings its own"
            place = own.get("environment_at", node.span)
            self.components.bag.add("W103", place, what, why=why, fix="Set it on the component")
        if own.get("is_deterministic") is False:
            component = replace(component, is_deterministic=False)
        sweep = None
        if node.is_sweep or component.parallel is not None:
            from mlc.frontend.python.many import sweep_of, with_own_settings

            sweep = sweep_of(node, name, self.components.bag) if node.is_sweep else None
            if component.parallel is not None:
                component = with_own_settings(component, node, self.components.bag)
        return CommandNode(
            name=name,
            component=component,
            inputs=inputs,
            outputs=outputs,
            compute=compute_name(fields),
            resources=resources(fields),
            distribution=distribution(fields),
            environment_variables=pairs(own.get("environment_variables")),
            services=tuple(map(str, own["services"])) if isinstance(own.get("services"), dict) else (),
            timeout=timeout(fields),
            sweep=sweep,
            display_name=_text(own.get("display_name")),
            description=_text(own.get("description")) or "",
            tags=pairs(own.get("tags")),
            span=node.span,
        )

    def _fields(self, given: dict[str, Any], span: Span) -> Fields:
        plain = {key: value for key, value in given.items() if value not in (None, {})}
        mapping = from_python(plain, span)
        assert isinstance(mapping, Mapping)
        return Fields(mapping, "the node", self.components.bag)


_SETTABLE = {
    "compute": "compute",
    "resources": "resources",
    "distribution": "distribution",
    "environment_variables": "environment_variables",
    "limits": "timeout",
    "display_name": "display_name",
    "description": "description",
    "tags": "tags",
}
"""Attributes of a node, and the fields that they set."""


def _outputs(node: Made, promoted: dict[tuple[int, str], list[str]]) -> Iterable[OutputBinding]:
    for port, output in node.produced.items():
        names = promoted.get((node.number, port), [])
        if names or output.settings:
            yield _binding(output, tuple(names))


def _binding(output: NodeOutput, names: tuple[str, ...]) -> OutputBinding:
    settings, span = output.settings, output.span
    where = f"Output {output.port!r}"
    return OutputBinding(
        name=output.port,
        promoted_to=names,
        type=port_type(settings["type"], span, where) if settings.get("type") else None,
        mode=mode(settings.get("mode"), span, where),
        path=_text(settings.get("path")),
        asset_name=_text(settings.get("name")),
        asset_version=_text(settings.get("version")),
        span=span,
    )


def _result(name: str, output: NodeOutput) -> PipelineOutput:
    found = _binding(output, ())
    return PipelineOutput(
        name=name,
        type=found.type,
        mode=found.mode,
        path=found.path,
        asset_name=found.asset_name,
        asset_version=found.asset_version,
        span=found.span,
    )


def _top_input(port: InputPort, value: Any, span: Span) -> PipelineInput:
    if isinstance(value, Literal | Data) or value is None:
        return PipelineInput(port=port, value=value, span=span)
    return PipelineInput(port=replace(port, broken=True), value=None, span=span)


def _wanted(definition: Definition) -> dict[str, PortType]:
    """What parameters without a type are bound to: the type of that input."""
    unknown = {item.name for item in definition.parameters if item.type is None}
    found: dict[str, PortType] = {}
    if unknown:
        for node in definition.nodes.values():
            for name, item in node.bound.items():
                if isinstance(item.value, Reference) and item.value.port in unknown:
                    port = node.component.input(name)
                    if port is not None:
                        found.setdefault(item.value.port, port.type)
    return found


def _ends(job: PipelineJob) -> dict[str, Any]:
    """First and last job, where they are given as nodes or inside of the pipeline function."""
    found = {}
    names = {node.number: name for name, node in job.definition.nodes.items()}
    for key in ("on_init", "on_finalize"):
        value = getattr(job.settings, key, None) or getattr(job.definition, key, None)
        if isinstance(value, Made):
            value = names.get(value.number, value.own_name)
        if value is not None:
            found[key] = value
    return found


def _name(compute: Any) -> Any:
    """A compute's name, where an entity is given; text and parameters stay as they are."""
    if isinstance(compute, str | NodeOutput | Reference):
        return str(compute)
    name = getattr(compute, "name", None)
    return name if isinstance(name, str) else compute


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
