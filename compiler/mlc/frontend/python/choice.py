"""Which pipeline of a source is meant: a submitted job, a job that is left over, or a function that needs nothing."""

from collections.abc import Sequence
from typing import Any, TypeVar

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.session import Loading
from mlc.ir.pipeline import Pipeline
from mlc.sdk.job import PipelineJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.pipeline import PipelineFunction
from mlc.sdk.session import session

T = TypeVar("T")

_SHOWN = 10
"""So many pipelines are listed with their places."""


def choose(loading: Loading, variables: dict[str, Any], wanted: str | None, end: Span | None = None) -> Pipeline | None:
    """The pipeline to compile; ``wanted`` is the name that the user asked for. None: the bag says why.

    ``end``: the place where the script ended itself, if it did.
    """
    span = Span(str(loading.source))
    if loading.submitted:
        named = _distinct([(pipeline.name, pipeline) for pipeline in loading.submitted])
        return _pick(named, wanted, "submits", span, loading.bag)
    if loading.refused:
        return None
    jobs = _left(variables, PipelineJob)
    functions = _left(variables, PipelineFunction)
    if not jobs:
        jobs = _scheduled()
    if jobs:
        named_jobs = _distinct([(job.definition.name, job) for job in jobs])
        if wanted is None or wanted in dict(named_jobs) or wanted not in {item.name for item in functions}:
            job = _pick(named_jobs, wanted, "makes", span, loading.bag)
            return None if job is None else loading.converted(job)
    if end is not None and not functions and not loading.bag.has_errors:
        what = "The script ends here, and there is no pipeline yet"
        why = "It has submitted no job, left none in a variable, and defined no function with @pipeline"
        loading.bag.add("E204", end, what, why=why, fix="Let it reach the pipeline when mlc runs it")
        return None
    made = _from_factory(variables, wanted, loading) if wanted or all(item.required for item in functions) else None
    if loading.submitted:
        return choose(loading, variables, None)
    if made is not None:
        return loading.converted(made)
    return None if loading.refused else _from_function(functions, wanted, span, loading)


def _from_factory(variables: dict[str, Any], wanted: str | None, loading: Loading) -> Any:
    """The job of a function that makes one and is never called: the one that is wanted, or the only one.

    None: there is none, or it needs values; the latter is reported, and ``loading.refused`` then.
    """
    from mlc.frontend.python.factories import factories, place, required

    found = {item.__name__: item for item in factories(variables)}
    function = found.get(wanted) if wanted else next(iter(found.values())) if len(found) == 1 else None
    if function is None:
        return None
    if missing := required(function):
        what = f"The function {function.__name__!r} gives a pipeline back, is never called, and needs"
        fix = f"Call it with values at the end of the file: job = {function.__name__}(...)"
        loading.bag.add("E204", place(function), f"{what} {', '.join(missing)}", fix=fix)
        loading.refused = True
        return None
    before, session().fixed = session().fixed, None
    try:
        made = function()
        made = made() if isinstance(made, PipelineFunction) and not made.required else made
    finally:
        session().fixed = before
    return made if isinstance(made, PipelineJob | Node | LoadedJob) else None


def _scheduled() -> list[PipelineJob]:
    """Jobs that the script wants to be run at certain times."""
    made = [item for (kind, _), items in session().registered.items() if kind == "schedules" for item in items]
    jobs = {id(job): job for item in made if type(job := getattr(item, "create_job", None)) is PipelineJob}
    return list(jobs.values())


def _from_function(
    functions: list[PipelineFunction], wanted: str | None, span: Span, loading: Loading
) -> Pipeline | None:
    if not functions:
        if not loading.bag.has_errors:
            what = "There is no pipeline in this source"
            why = "It submits no job, leaves none in a variable, and has no function decorated with @pipeline"
            loading.bag.add("E204", span, what, why=why, fix="Decorate a function with @pipeline, or submit a job")
        return None
    ready = [item for item in functions if not item.required]
    if wanted is None and not ready:
        function = functions[-1]
        missing = ", ".join(function.required)
        what = f"The pipeline {function.name!r} is never called, and needs {missing}"
        fix = f"Call it with values at the end of the file: job = {function.name}(...)"
        loading.bag.add("E204", function.span, what, fix=fix)
        return None
    named = _distinct([(item.name, item) for item in (functions if wanted else ready)])
    chosen = _pick(named, wanted, "has", span, loading.bag)
    if chosen is None:
        return None
    if chosen.required:
        what = f"The pipeline {chosen.name!r} needs {', '.join(chosen.required)}"
        loading.bag.add("E204", chosen.span, what, fix=f"Call it with values: job = {chosen.name}(...)")
        return None
    return loading.converted(chosen())


def _left(variables: dict[str, Any], kind: type[T]) -> list[T]:
    found = {id(value): value for value in variables.values() if type(value) is kind}
    return list(found.values())


def _distinct(named: list[tuple[str, T]]) -> list[tuple[str, T]]:
    """Names made different: the second ``train`` is ``train-2``."""
    seen: dict[str, int] = {}
    result = []
    for name, item in named:
        seen[name] = seen.get(name, 0) + 1
        result.append((name if seen[name] == 1 else f"{name}-{seen[name]}", item))
    return result


def _pick(named: Sequence[tuple[str, T]], wanted: str | None, does: str, span: Span, bag: Bag) -> T | None:
    names = [name for name, _ in named]
    if wanted is not None:
        found = dict(named).get(wanted)
        if found is None:
            what = f"There is no pipeline {wanted!r} in this source"
            bag.add("E205", span, what, fix=f"Choose with --pipeline: {', '.join(names)}")
        return found
    fix = f"Choose one with --pipeline: {', '.join(names)}"
    if len(named) > 1:
        what = f"This source {does} {len(named)} pipelines"
        places = _places(named)
        why = f"They are {', '.join(places)}" if len(places) <= _SHOWN else ""
        bag.add("E205", span, what, why=why, fix=fix)
        return None
    return named[0][1]


def _places(named: Sequence[tuple[str, Any]]) -> list[str]:
    """``'train' at line 3``, each line once: a loop makes many pipelines."""
    made: dict[str, list[str]] = {}
    for name, item in named:
        made.setdefault(_where(item), []).append(repr(name))
    return [
        f"{' and '.join(names) if len(names) < 3 else f'{names[0]} to {names[-1]} ({len(names)} of them)'} at {where}"
        for where, names in made.items()
    ]


def _where(item: Any) -> str:
    """The line, and the cell, where a pipeline is made; the experiment that tells it from others."""
    cell = item.span.file.rpartition(":cell ")
    place = f"cell {cell[2]}, line {item.span.line}" if cell[1] else f"line {item.span.line}"
    experiment = getattr(item, "experiment_name", None)
    return f"{place} (experiment {str(experiment)!r})" if experiment else place
