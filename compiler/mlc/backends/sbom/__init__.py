"""The bill of materials back end: ``environments/<env>/sbom.cdx.json`` for every image whose packages are locked.

Without a lock nobody knows what a build will install, so there is no such file; README.md says so.
"""

from mlc.backends.options import EmitOptions
from mlc.files import File, FileTree
from mlc.hashing import digest
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.lock import Lock
from mlc.ir.plan import Plan

FILE = "sbom.cdx.json"
FORMAT = 1
"""Raised when the same lock gives another bill: bills are remembered."""


def emit(plan: Plan, options: EmitOptions) -> FileTree:
    """One file per locked environment. The library that writes them takes longer to import than all of a build."""
    found = {}
    for image in plan.images:
        lock = lock_of(image)
        if lock is not None:
            found[f"environments/{image.name}/{FILE}"] = File(_bill(plan, image, lock, options).encode())
    return found


def lock_of(image: Image) -> Lock | None:
    """What the packages of ``image`` were resolved to, if that is known."""
    recipe = image.recipe
    return recipe.lock if isinstance(recipe, UvInstall | MambaInstall) else None


def _bill(plan: Plan, image: Image, lock: Lock, options: EmitOptions) -> str:
    recipe = image.recipe
    assert isinstance(recipe, UvInstall | MambaInstall)
    name = f"{plan.name}/{image.name}"
    # All that the bill tells, and nothing else: not the order of installation, not where an index was reached.
    content = [
        FORMAT,
        name,
        recipe.base,
        lock.base_digest,
        lock.python,
        [[one.name, one.version, one.source, one.hashes, one.via] for one in lock.pip],
        [[one.url, one.name, one.version, one.build, one.sha256, one.via] for one in lock.conda],
    ]
    key = digest(content)

    def make() -> str:
        from mlc.backends.sbom.bill import bill

        return bill(name, recipe.base, lock, key)

    return options.recall("sbom", key, make)
