"""Environments that are named only (``azureml:sklearn-1.5@latest``) become what stands behind the name.

An image may be a name too (``image: azureml:base@latest``): then it is the image of the environment of that name.
"""

from dataclasses import replace

from mlc.ir.asset import LATEST, AssetKind, AssetName, parse_reference
from mlc.ir.component import Component
from mlc.ir.environment import CondaEnvironment, Environment, ImageEnvironment, NamedEnvironment
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
        if not isinstance(node, CommandNode) or not _names(node.component.environment):
            return node
        known = self._components.get(id(node.component))
        if known is None:
            known = node.component, replace(node.component, environment=self._resolved(node.component.environment))
            self._components[id(node.component)] = known  # holds the original, so that its id stays taken
        return replace(node, component=known[1])

    def _environment(self, wanted: NamedEnvironment) -> Environment:
        key = (wanted.name, wanted.version, wanted.registry)
        if key not in self._found:
            self._found[key] = self._look_up(wanted)
        found = self._found[key]
        if found is None:
            self._context.names.miss(wanted)
            return wanted
        return found

    def _resolved(self, environment: Environment, depth: int = 0) -> Environment:
        """What a named environment stands for, or one on a named image."""
        if isinstance(environment, NamedEnvironment):
            found = self._environment(environment)
            return found if isinstance(found, NamedEnvironment) else self._resolved(found, depth)
        wanted = image_name(environment)
        if wanted is None or depth > LONGEST_CHAIN:
            return environment
        found = self._resolved(wanted, depth + 1)
        if isinstance(found, NamedEnvironment):
            return found
        if isinstance(environment, ImageEnvironment):
            return replace(found, name=environment.name or found.name)
        if isinstance(found, ImageEnvironment) and isinstance(environment, CondaEnvironment):
            return replace(environment, image=found.image)
        what = f"The environment {wanted.name!r} is used as an image, but it is not one"
        fix = "Name an environment that is an image only, or the image itself"
        self._context.bag.add("E402", environment.span, what, why="It installs packages of its own", fix=fix)
        return environment

    def _look_up(self, wanted: NamedEnvironment) -> Environment | None:
        found: Environment | None = wanted
        for _ in range(LONGEST_CHAIN):
            if not isinstance(found, NamedEnvironment):
                return found
            found = self._context.names.environment(found)
        return None


def _names(environment: Environment) -> bool:
    """Whether something has to be looked up."""
    return isinstance(environment, NamedEnvironment) or image_name(environment) is not None


def image_name(environment: Environment) -> NamedEnvironment | None:
    """The environment that stands where an image should."""
    if not isinstance(environment, ImageEnvironment | CondaEnvironment) or environment.image is None:
        return None
    if not environment.image.startswith("azureml:"):
        return None
    found = parse_reference(environment.image, AssetKind.ENVIRONMENT, environment.span)
    if not isinstance(found, AssetName) or found.kind is not AssetKind.ENVIRONMENT:
        return None
    return NamedEnvironment(
        name=found.name,
        version=found.version or LATEST,
        registry=found.registry,
        label=found.label,
        span=environment.span,
    )
