"""Parallel jobs: the data that is cut up and the output that collects exist, the script is there, numbers fit."""

from collections.abc import Iterator

from mlc.ir.component import Component
from mlc.ir.parallel import Parallel
from mlc.ir.pipeline import CommandNode, Pipeline
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.nearest import nearest
from mlc.passes.report import report_once
from mlc.passes.setting_numbers import Setting, check_settings_numbers


def check_parallel(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report bad parallel jobs; what their component says, once for all that share it."""
    seen: set[int] = set()
    for level in levels(pipeline):
        for node in level.nodes:
            if isinstance(node, CommandNode) and (parallel := node.component.parallel) is not None:
                if id(node.component) not in seen:
                    seen.add(id(node.component))
                    _check(node.component, parallel, context)
                settings = _settings(node, parallel)
                check_settings_numbers(settings, level, f"job {node.name!r}", context)
    return pipeline


def _check(component: Component, parallel: Parallel, context: Context) -> None:
    owner = f"the parallel component {component.name!r}"
    span = parallel.span if parallel.span.line else component.span
    inputs = [port.name for port in component.inputs if port.type.is_data]
    outputs = [port.name for port in component.outputs]
    said: list[tuple[str, str, str, str]] = []
    unknown: list[tuple[str, str, str, str]] = []
    for key, side, names in (("input_data", "inputs", inputs), ("append_row_to", "outputs", outputs)):
        name, written = getattr(parallel, key), dict(parallel.misread).get(key)
        if written is not None:
            fix = f"Write {key}: ${{{{{side}.{names[0] if names else 'NAME'}}}}}"
            said.append((key, f"The {key} of {owner} is {written!r}", f"It names one of the {side}", fix))
        elif name is not None and name not in names:
            fix = nearest(name, names, side)
            kind = "data input" if side == "inputs" else "output"
            what = f"The {key} of {owner} is {name!r}, which is no {kind} of it"
            unknown.append((key, what, "The reference takes it, but the service finds nothing of that name", fix))
        elif name is None and key == "input_data":
            what = f"{owner[0].upper()}{owner[1:]} does not say which input is cut into mini-batches"
            said.append((key, what, "", f"Add input_data: ${{{{inputs.{names[0] if names else 'NAME'}}}}}"))
    if not parallel.entry_script:
        said.append(
            ("task", f"The task of {owner} has no entry_script", "", "Name the script that has init() and run()")
        )
    elif component.code is not None:
        files = [path for path, _ in component.code.files]
        if parallel.entry_script.removeprefix("./") not in files:
            what = f"The entry_script {parallel.entry_script!r} of {owner} is not in its code"
            said.append(("entry_script", what, "", nearest(parallel.entry_script, files, "files")))
    places = dict(parallel.places)
    for code, texts in (("E528", said), ("W512", unknown)):
        for key, *text in texts:
            place = places.get(key, span)
            report_once(context, code, place if place.line else span, (text[0], text[1], text[2]))


def _settings(node: CommandNode, parallel: Parallel) -> Iterator[Setting]:
    ranges = {
        "max_concurrency_per_instance": 1,
        "error_threshold": -1,
        "mini_batch_error_threshold": -1,
        "max_retries": 0,
        "timeout": 1,
    }
    places = dict(parallel.places)
    for key, least in ranges.items():
        yield Setting(code="E528", key=key, text=getattr(parallel, key), span=places.get(key, node.span), least=least)
    for key in ("mini_batch_size", "logging_level"):
        yield Setting(code="E528", key=key, text=getattr(parallel, key), span=places.get(key, node.span))
