"""Environments that can be built: each one is worked out here, so that its problems are told with all others."""

from mlc.ir.environment import Environment
from mlc.ir.pipeline import Pipeline
from mlc.passes.context import Context
from mlc.passes.levels import components
from mlc.passes.lowering.recipe import recipe_for


def check_environments(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report what is wrong in the environment of each component; one that several share, once."""
    seen: dict[int, Environment] = {}
    for component, _ in components(pipeline):
        if id(component.environment) not in seen:
            seen[id(component.environment)] = component.environment
            recipe_for(component.environment, context.config, context.bag)
    return pipeline
