"""Names: of nodes, of inputs and outputs; what two of them must not share."""

import re
from collections.abc import Iterable

from mlc.diagnostics import Span
from mlc.ir.component import Component
from mlc.ir.pipeline import Pipeline
from mlc.passes.context import Context
from mlc.passes.levels import components, levels
from mlc.passes.report import report_once

NODE = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
PORT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
LONGEST = 100
"""Characters of one name: names become parts of file names, volumes and host names."""

Named = Iterable[tuple[str, Span]]


def check_names(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report names that Azure ML or a bundle cannot have, and names that become the same thing in a bundle."""
    for level in levels(pipeline):
        _nodes(level, context)
        inputs = [(item.port.name, item.span if item.span.line else item.port.span) for item in level.inputs]
        _ports("input", inputs, context)
        _ports("output", [(output.name, output.span) for output in level.outputs], context)
    for component, _ in components(pipeline):
        _component(component, context)
    return pipeline


def _component(component: Component, context: Context) -> None:
    _ports("input", [(port.name, port.span) for port in component.inputs], context)
    _ports("output", [(port.name, port.span) for port in component.outputs], context)


def _nodes(level: Pipeline, context: Context) -> None:
    seen: set[str] = set()
    for node in level.nodes:
        if not NODE.fullmatch(node.name) or len(node.name) > LONGEST:
            why = "A name has lower-case letters, digits and underscores, does not start with a digit, "
            why += f"and has at most {LONGEST} characters"
            report_once(context, "E308", node.span, (f"{node.name!r} cannot be the name of a job", why, "Rename it"))
        elif node.name in seen:
            why = f"Another job of the pipeline {level.name!r} has it already"
            text = f"The job name {node.name!r} is used twice", why, "Give each job a name of its own"
            report_once(context, "E307", node.span, text)
        seen.add(node.name)


def _ports(kind: str, names: Named, context: Context) -> None:
    taken: dict[str, str] = {}
    for name, span in names:
        variable = name.upper().replace(".", "_")
        other = taken.setdefault(variable, name)
        if not PORT.fullmatch(name) or len(name) > LONGEST:
            why = "Names of inputs and outputs have letters, digits and underscores, do not start with a digit, "
            why += f"and have at most {LONGEST} characters; dots join groups"
            text = f"{name!r} cannot be the name of an {kind}", why, f"Call it '{_legal(name)}', for example"
            report_once(context, "E308", span, text)
        elif taken[variable] is not name:
            if other == name:
                what, why = f"The {kind} {name!r} is declared twice", ""
            else:
                what = f"The {kind}s {other!r} and {name!r} cannot be told apart"
                why = f"Both become the variable '{variable}' in a bundle"
            report_once(context, "E309", span, (what, why, "Rename one of them"))


def _legal(name: str) -> str:
    clean = re.sub(r"[^A-Za-z0-9_]+", "_", name, flags=re.ASCII)[:LONGEST].strip("_") or "value"
    return f"_{clean}" if clean[0].isdigit() else clean
