"""Reads the plan of a bundle that was built earlier."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlc.cli.sources import PLAN
from mlc.diagnostics import Span, fail
from mlc.files import File
from mlc.ir.local import FOLDER as LOCAL_FILES
from mlc.ir.local import carried

if TYPE_CHECKING:
    from mlc.ir.plan import Plan


def read_plan(bundle: Path) -> "Plan":
    """The plan in ``bundle``; ``MlcError`` E603 where its plan.json cannot be read or is of another version of mlc."""
    from mlc.ir import dump

    file = bundle / PLAN
    fix = "Build the bundle again: mlc build SOURCE"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail("E603", Span(str(file)), "The plan of the bundle cannot be read", why=str(error), fix=fix) from None
    try:
        plan = dump.from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        what = "This is not the plan of a bundle, or not one that this version of mlc can read"
        raise fail("E603", Span(str(file)), what, why=f"{type(error).__name__}: {error}", fix=fix) from None
    return _with_local_files(plan, bundle) if (bundle / LOCAL_FILES).is_dir() else plan


def _with_local_files(plan: "Plan", bundle: Path) -> "Plan":
    """``plan`` with what its environments need of the author's files, which the bundle carries."""
    from mlc.ir.image import MambaInstall, UvInstall

    there = sorted(path for path in (bundle / LOCAL_FILES).rglob("*") if path.is_file())
    files = [(path.relative_to(bundle).as_posix(), File(path, os.access(path, os.X_OK))) for path in there]
    images = []
    for image in plan.images:
        recipe = image.recipe
        if isinstance(recipe, UvInstall | MambaInstall):
            lines = recipe.requirements if isinstance(recipe, UvInstall) else recipe.pip
            sources = (package.source for package in (recipe.lock.pip if recipe.lock else ()) if package.source)
            named = tuple(f"{path}/" for path in (*carried(lines), *sources))
            local = tuple((path, file) for path, file in files if f"{path}/".startswith(named))
            image = replace(image, recipe=replace(recipe, local=local))  # noqa: PLW2901 - the same image
        images.append(image)
    return replace(plan, images=tuple(images))


def check_runnable(plan: "Plan", bundle: Path) -> None:
    """``MlcError`` for a step that is planned but cannot be run: only a plan that mlc did not write itself has one."""
    for task in plan.tasks:
        code = "E507" if task.sweep else "E508" if task.parallel else "" if task.spread.is_single else "E510"
        if code:
            from mlc.ir.many import mark

            what = f"Step {task.name!r} stands for many runs ({mark(task)})"
            raise fail(code, Span(str(bundle / PLAN)), what, why="mlc cannot run it yet", fix="See 'mlc plan'")
