"""Reads the plan of a bundle that was built earlier."""

from pathlib import Path
from typing import TYPE_CHECKING

from mlc.cli.sources import PLAN
from mlc.diagnostics import Span, fail

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
        return dump.from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        what = "This is not the plan of a bundle, or not one that this version of mlc can read"
        raise fail("E603", Span(str(file)), what, why=f"{type(error).__name__}: {error}", fix=fix) from None


def check_runnable(plan: "Plan", bundle: Path) -> None:
    """``MlcError`` for a step that is planned but cannot be run: only a plan that mlc did not write itself has one."""
    for task in plan.tasks:
        code = "E507" if task.sweep else "E508" if task.parallel else "" if task.spread.is_single else "E510"
        if code:
            from mlc.ir.many import mark

            what = f"Step {task.name!r} stands for many runs ({mark(task)})"
            raise fail(code, Span(str(bundle / PLAN)), what, why="mlc cannot run it yet", fix="See 'mlc plan'")
