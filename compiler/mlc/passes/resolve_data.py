"""Data by name becomes data by place: ``azureml:NAME:VERSION``, registered models, paths in mapped datastores.

What nobody knows stays as it was written: where an input only gets it as text that is fine, else ``check_data`` says
that the name was missed. Paths of outputs in a mapped datastore become the place that the datastore stands for.
"""

import re
from dataclasses import replace
from typing import TypeVar

from mlc.diagnostics import Span
from mlc.ir.asset import AssetKind, AssetName, DatastorePath, Reference, is_reference, parse_reference
from mlc.ir.pipeline import Data, InputBinding, Node, OutputBinding, Pipeline, PipelineInput, PipelineOutput
from mlc.ir.types import PortType
from mlc.passes.context import Context
from mlc.passes.levels import rewrite

DEFAULT_DATASTORE = "workspaceblobstore"
"""The datastore that every workspace has."""

_PLACEHOLDER = re.compile(r"\$\{\{\s*default_datastore\s*\}\}")
T = TypeVar("T", OutputBinding, PipelineOutput)
_MODELS = frozenset({PortType.MLFLOW_MODEL, PortType.CUSTOM_MODEL, PortType.TRITON_MODEL})


def resolve_data(pipeline: Pipeline, context: Context) -> Pipeline:
    """Look up all data that is named only, at every level, and the datastores in the paths of outputs."""
    return rewrite(pipeline, _Resolver(pipeline, context).level)


def data_reference(data: Data, span: Span) -> Reference:
    """What the URI of ``data`` refers to; an address of an unknown form is a name of its own."""
    kind = AssetKind.MODEL if data.type in _MODELS else AssetKind.DATA
    return parse_reference(data.uri, kind, span) or AssetName(kind=kind, name=data.uri, span=span)


class _Resolver:
    def __init__(self, pipeline: Pipeline, context: Context) -> None:
        self._names = context.names
        default = pipeline.settings.default_datastore or DEFAULT_DATASTORE
        self._default = default.removeprefix("azureml:")

    def level(self, level: Pipeline) -> Pipeline:
        """One pipeline with its own data and that of its nodes in place; itself where nothing is named."""
        inputs = tuple(map(self._input, level.inputs))
        nodes = tuple(map(self._node, level.nodes))
        outputs = tuple(map(self._output, level.outputs))
        same = all(map(_is, (*inputs, *nodes, *outputs), (*level.inputs, *level.nodes, *level.outputs)))
        return level if same else replace(level, inputs=inputs, nodes=nodes, outputs=outputs)

    def _input(self, item: PipelineInput) -> PipelineInput:
        if not _is_named(item.value):
            return item
        assert isinstance(item.value, Data)
        return replace(item, value=self._place(item.value, item.span))

    def _node(self, node: Node) -> Node:
        inputs = tuple(map(self._binding, node.inputs))
        outputs = tuple(map(self._output, node.outputs))
        if all(map(_is, (*inputs, *outputs), (*node.inputs, *node.outputs))):
            return node
        return replace(node, inputs=inputs, outputs=outputs)

    def _binding(self, binding: InputBinding) -> InputBinding:
        if not _is_named(binding.value):
            return binding
        assert isinstance(binding.value, Data)
        return replace(binding, value=self._place(binding.value, binding.span))

    def _place(self, data: Data, span: Span) -> Data:
        found = self._names.data(data_reference(data, data.span if data.span.line else span))
        if found is None:
            return data
        uri = data.uri if found.local is not None else found.uri
        return replace(data, uri=uri, local=found.local, origin=found.origin)

    def _output(self, item: T) -> T:
        if item.path is None or not is_reference(item.path):
            return item
        wanted = parse_reference(_PLACEHOLDER.sub(self._default, item.path), None, item.span)
        found = self._names.data(wanted) if isinstance(wanted, DatastorePath) else None
        return item if found is None else replace(item, delivery=found.local or found.uri)


def _is_named(value: object) -> bool:
    return isinstance(value, Data) and value.local is None and is_reference(value.uri)


def _is(new: object, old: object) -> bool:
    return new is old
