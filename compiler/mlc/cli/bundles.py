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
