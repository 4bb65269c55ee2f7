"""Environments that are named only (``azureml:sklearn-1.5@latest``) become what stands behind the name."""

from dataclasses import replace

from mlc.ir.component import Component
from mlc.ir.environment import Environment, NamedEnvironment
from mlc.ir.pipeline import CommandNode, Node, Pipeline
from mlc.passes.context import Context
from mlc.passes.levels import rewrite

LONGEST_CHAIN = 8
"""A name may stand for another name; so often at most."""


def resolve_environments(pipeline: Pipeline, context: Context) -> Pipeline:
    """Look every named environment up; each name is asked for once, each place that uses an unknown one is told."""
    resolver = _Resolver(context)
    return rewrite(pipeline, lambda level: replace(level, nodes=tuple(map(resolver.node, level.nodes))))


class _Resolver:
    """Remembers names and components that were seen: a thousand nodes often share three components."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[tuple[str, str | None, str | None], Environment | None] = {}
        self._components: dict[int, tuple[Component, Component]] = {}

    def node(self, node: Node) -> Node:
        """The node with its environment resolved, or the node itself."""
        if not isinstance(node, CommandNode) or not isinstance(node.component.environment, NamedEnvironment):
            return node
        known = self._components.get(id(node.component))
        if known is None:
            environment = self._environment(node.component.environment)
            known = node.component, replace(node.component, environment=environment)
            self._components[id(node.component)] = known  # holds the original, so that its id stays taken
        return replace(node, component=known[1])

    def _environment(self, wanted: NamedEnvironment) -> Environment:
        key = (wanted.name, wanted.version, wanted.registry)
        if key not in self._found:
            self._found[key] = self._look_up(wanted)
        found = self._found[key]
        if found is None:
            _report(wanted, self._context)
            return wanted
        return found

    def _look_up(self, wanted: NamedEnvironment) -> Environment | None:
        found: Environment | None = wanted
        for _ in range(LONGEST_CHAIN):
            if not isinstance(found, NamedEnvironment):
                return found
            found = self._context.find_environment(found)
        return None


def spelled(wanted: NamedEnvironment) -> str:
    """The name as an author writes it: ``azureml:sklearn-1.5@latest``."""
    version = wanted.version
    if wanted.registry is not None:
        place = f"azureml://registries/{wanted.registry}/environments/{wanted.name}"
        if version is None:
            return place
        return f"{place}/labels/{version}" if version == "latest" else f"{place}/versions/{version}"
    if version is None:
        return f"azureml:{wanted.name}"
    return f"azureml:{wanted.name}@{version}" if version == "latest" else f"azureml:{wanted.name}:{version}"


def _report(wanted: NamedEnvironment, context: Context) -> None:
    what = f"The environment {spelled(wanted)!r} was not found"
    why = "Looked for it in the configuration, among Azure's curated environments and, "
    why += "by 'name:', in the YAML files beside the source and in component_paths"
    fix = f"Put its YAML file (name: {wanted.name}) beside the source, or name an image for it: "
    fix += f"[tool.mlc.environments] {wanted.name!r} = 'IMAGE'"
    context.bag.add("E401", wanted.span, what, why=why, fix=fix)
