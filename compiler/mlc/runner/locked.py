"""Locks where steps run as plain processes: they hold on a machine of the platform that they were made for."""

import platform
import sys
from dataclasses import replace

from mlc.images.report import Report
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.local import place
from mlc.ir.lock import LockedPackage
from mlc.ir.plan import Plan

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def for_this_machine(plan: Plan, image: Image, report: Report) -> Image:
    """``image`` without its lock where that is for another platform, which is said in a line."""
    recipe, here = image.recipe, machine()
    if not isinstance(recipe, UvInstall | MambaInstall) or recipe.lock is None or here == plan.platform:
        return image
    report.message(
        f"environment {image.name} is installed without its lock: that is for {plan.platform}, this machine is {here}"
    )
    return replace(image, recipe=replace(recipe, lock=None, layers=()))


def machine() -> str:
    """This machine in Docker's words: ``linux/amd64``, ``darwin/arm64``."""
    word = platform.machine().lower()
    return f"{sys.platform}/{_MACHINES.get(word, word)}"


def lines_to_install(recipe: UvInstall | MambaInstall) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines for pip, and the options that go with them: of a lock exactly its packages, with their hashes."""
    lock, lines = recipe.lock, recipe.requirements if isinstance(recipe, UvInstall) else recipe.pip
    if lock is None:
        return lines, ()
    asked = [line for line in lines if line.startswith("-") and not line.startswith("-c ")]
    indexes = [f"--extra-index-url {address}" for address in lock.indexes]
    checked = ("--require-hashes",) if all(package.hashes and not package.source for package in lock.pip) else ()
    return (*asked, *indexes, *map(_line, lock.pip)), ("--no-deps", *checked)


def _line(package: LockedPackage) -> str:
    if package.source and "://" not in package.source:
        return f"{package.name} @ file://{place(package.source)}"
    if package.source:
        return f"{package.name} @ {package.source}"
    return " ".join((f"{package.name}=={package.version}", *(f"--hash={value}" for value in package.hashes)))
