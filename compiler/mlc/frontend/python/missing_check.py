"""Modules that were missing here: each must be listed in the environment of a component that holds its import."""

from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.components import Components
from mlc.frontend.python.missing import MissingModules
from mlc.frontend.python.missing_distributions import (
    IMPORT_TO_DISTRIBUTIONS,
    distributions,
    listed,
    normal,
    required_name,
)
from mlc.frontend.text import nearest
from mlc.ir.component import Component as Built
from mlc.ir.environment import CondaEnvironment, Environment
from mlc.sdk.component import Component, Raw

_OLD = frozenset({"azureml.core", "azureml.pipeline", "azureml.data", "azureml.train", "azureml.widgets"})
"""Modules of the reference's first version."""


def check_missing(missing: MissingModules, made: list[Component], components: Components, bag: Bag) -> bool:
    """Report every missing module that no environment brings; whether there was none."""
    allowed = True
    jobs = missing.progress()
    for (module, file), span in missing.imports.items():
        if jobs and missing.when[module, file] == jobs:
            what = f"The module {module!r} is not installed here, and is imported after the job was made"
            why = "The job is compiled; what the module would have done then is not done"
            bag.add("W205", span, what, why=why)
            continue
        owners = _owners(Path(span.file), made, components)
        if any(_brings(environment, module) for _, environment in owners):
            continue
        allowed = False
        names = [name for name in missing.seen if f"{name}.".startswith(f"{module}.")]
        _report(module, span, [name for name, _ in owners], bag, is_old=any(name in _OLD for name in names))
    return allowed


def _owners(file: Path, made: list[Component], components: Components) -> list[tuple[str, Environment]]:
    """Components whose code folder holds ``file``: name and environment."""
    found = []
    for component in made:
        folder = _folder(component)
        if folder is not None and file.resolve().is_relative_to(folder.resolve()):
            found.append((component.name, components.build(component).environment))
    return found


def _folder(component: Component) -> Path | None:
    match component.body:
        case Raw(files=files) as raw if not files and raw.code is not None:
            return raw.base / str(raw.code)
        case Built() as built if built.code is not None and built.span.file:
            return Path(built.span.file).parent
    return None


def _brings(environment: Environment, module: str) -> bool:
    """Whether an environment lists a distribution of ``module``. An image or a name may hold anything."""
    if not isinstance(environment, CondaEnvironment):
        return True
    conda = environment.conda
    lines = [item.text for item in (*conda.conda, *conda.pip, *conda.tools)]
    if any(required_name(line) is None and not line.lstrip().startswith("-") for line in lines):
        return True  # a URL does not say what it brings
    names = listed(lines)
    return any(name in names for name in map(normal, distributions(module)))


def _report(module: str, span: Span, owners: list[str], bag: Bag, *, is_old: bool) -> None:
    brought = distributions(module)[0]
    what = f"The module {module!r} is not installed here"
    if owners:
        why = f"The environment of component {owners[0]!r}, whose code this is, does not list {brought!r}"
        fix = f"List it there, or install it beside mlc: pip install {brought}"
    else:
        why = "This file belongs to no component, so it runs while mlc compiles"
        fix = f"Install it beside mlc: pip install {brought}; or import it in the function that needs it"
    if is_old and not owners:
        why = "It belongs to version 1 of Azure ML's SDK, whose pipelines mlc does not compile"
        fix = "Write the pipeline for version 2: azure.ai.ml"
    stems = [path.stem for path in Path(span.file).parent.glob("*.py")]
    near = nearest(module, stems if module not in IMPORT_TO_DISTRIBUTIONS else [])
    if near:
        fix = f"Did you mean {near!r}? Else {fix[0].lower()}{fix[1:]}"
    bag.add("E206", span, what, why=why, fix=fix)
