"""Locks: what was resolved for an environment takes the place of what its author asks for."""

from dataclasses import replace

from mlc.ir.plan import Image, MambaInstall, Plan, UvInstall
from mlc.passes.context import Context


def apply_locks(plan: Plan, context: Context) -> Plan:
    """Give each environment that packages are installed in the lock that holds for it, if there is one."""
    return replace(plan, images=tuple(_locked(image, plan, context) for image in plan.images))


def _locked(image: Image, plan: Plan, context: Context) -> Image:
    match image.recipe:
        case UvInstall() | MambaInstall():
            return replace(image, recipe=replace(image.recipe, lock=context.locks.lock_of(plan, image)))
        case _:
            return image
