"""Locks: what was resolved for an environment takes the place of what its author asks for."""

from dataclasses import replace

from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.plan import Plan
from mlc.passes.context import Context


def apply_locks(plan: Plan, context: Context) -> Plan:
    """Give each environment that packages are installed in the lock that holds for it, if there is one."""
    return replace(plan, images=tuple(_locked(image, plan, context) for image in plan.images))


def _locked(image: Image, plan: Plan, context: Context) -> Image:
    match image.recipe:
        case UvInstall() as recipe:
            lock = context.locks.lock_of(plan, image)
            # What was resolved holds for one Python, so that one is installed where the author names a range or none.
            python = lock.python or recipe.python if lock else recipe.python
            return replace(image, recipe=replace(recipe, lock=lock, python=python))
        case MambaInstall() as recipe:
            return replace(image, recipe=replace(recipe, lock=context.locks.lock_of(plan, image)))
        case _:
            return image
