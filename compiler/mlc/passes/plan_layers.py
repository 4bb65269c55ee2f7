"""Layers: which packages of the locks are installed together (:mod:`mlc.passes.lowering.layers`)."""

from mlc.ir.image import MambaInstall, UvInstall
from mlc.ir.plan import Plan
from mlc.passes.context import Context


def plan_layers(plan: Plan, context: Context) -> Plan:
    """Fill in ``layers`` of every recipe that has a lock; each of its packages is in exactly one of them."""
    recipes = (image.recipe for image in plan.images)
    if not any(isinstance(recipe, UvInstall | MambaInstall) and recipe.lock is not None for recipe in recipes):
        return plan
    from mlc.passes.lowering.layers import with_layers  # only where there are locks

    return with_layers(plan)
