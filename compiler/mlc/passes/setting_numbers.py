"""Numbers in the settings of sweeps and parallel jobs: in their range, or an input of the pipeline that exists."""

import re
from collections.abc import Iterable

from mlc.diagnostics import Span
from mlc.ir.pipeline import Pipeline
from mlc.passes.context import Context
from mlc.passes.nearest import nearest
from mlc.passes.report import report_once
from mlc.records import dataclass

_BOUND = re.compile(r"\s*\$\{\{\s*parent\.inputs\.([^\s{}]+)\s*\}\}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting as its author wrote it; None: not said. It is at least ``least``, at most ``most``, over ``above``."""

    code: str
    key: str
    text: str | None
    span: Span
    least: float | None = None
    most: float | None = None
    above: float | None = None


def bound_input(text: str) -> str | None:
    """The input of the pipeline that a text is bound to."""
    match = _BOUND.fullmatch(text)
    return match[1] if match else None


def number(text: str) -> float | None:
    """The number that a text is; None: it is bound to an input of the pipeline."""
    try:
        return float(text)
    except ValueError:
        return None


def check_settings_numbers(settings: Iterable[Setting], level: Pipeline, owner: str, context: Context) -> None:
    """Report what is out of its range, and inputs that ``level`` lacks. ``owner``: ``job 'train'``."""
    inputs = [item.port.name for item in level.inputs]
    for setting in settings:
        if setting.text is None:
            continue
        name = bound_input(setting.text)
        if name is not None and name not in inputs:
            what = f"The pipeline {level.name!r} has no input {name!r}"
            why = f"The {setting.key} of {owner} is bound to it"
            context.bag.add("E303", setting.span, what, why=why, fix=nearest(name, inputs, "inputs"))
        wanted = _wanted(setting)
        if wanted:
            what = f"The {setting.key} of {owner} is {setting.text}"
            report_once(context, setting.code, setting.span, (what, "", f"Give {wanted}"))


def _wanted(setting: Setting) -> str:
    """What should stand there instead; '' where nothing is wrong."""
    value = number(setting.text or "")
    if value is None:
        return ""
    if setting.above is not None and not value > setting.above:
        return f"a number greater than {setting.above:g}"
    if setting.least is not None and setting.most is not None and not setting.least <= value <= setting.most:
        return f"a number from {setting.least:g} to {setting.most:g}"
    if setting.least is not None and not value >= setting.least:
        return f"{setting.least:g} or more"
    return ""
