"""``on_init`` runs before all other steps, ``on_finalize`` after them: as edges, which is what containers know."""

from collections.abc import Sequence
from dataclasses import replace

from mlc.ir.pipeline import Settings
from mlc.ir.plan import Hook, Role, Task
from mlc.passes.lowering.flatten import Step


def with_first(steps: list[Step], settings: Settings) -> list[Step]:
    """The steps of ``on_init`` moved to the front, with edges to all that would wait for nobody."""
    if settings.on_init is None:
        return steps
    first = [step for step in steps if _of(step.name, settings.on_init)]
    rest = [step for step in steps if not _of(step.name, settings.on_init)]
    ends = frozenset(_ends(first))
    waits = (bool(step.after) or _of(step.name, settings.on_finalize) for step in rest)
    return first + [step if other else replace(step, after=ends) for step, other in zip(rest, waits, strict=True)]


def with_last(tasks: tuple[Task, ...], settings: Settings) -> tuple[Task, ...]:
    """The tasks of ``on_finalize`` moved behind all others, which they wait for; they and their data are ``always``."""
    last: dict[str, Task] = {}
    for task in tasks if settings.on_finalize is not None else ():
        if (task.role is Role.STEP and _of(task.name, settings.on_finalize)) or not last.keys().isdisjoint(task.after):
            last[task.name] = task
    if not last:
        return tasks
    wanted = {name for task in last.values() for name in task.after}
    rest = [task for task in tasks if task.name not in last]
    for task in reversed(rest):
        if task.name in wanted:
            wanted.update(task.after)
    others = [replace(task, always=True) if task.name in wanted else task for task in rest]
    ends = set(_ends(others)) - wanted
    made = []
    for task in last.values():
        before = ends.union(task.after) if last.keys().isdisjoint(task.after) else task.after
        made.append(replace(task, after=tuple(sorted(before)), always=True))
    return (*others, *made)


def with_hooks(tasks: tuple[Task, ...], settings: Settings) -> tuple[Task, ...]:
    """The steps of both jobs, marked as such."""
    if settings.on_init is None and settings.on_finalize is None:
        return tasks
    return tuple(replace(task, hook=_hook(task, settings)) if task.role is Role.STEP else task for task in tasks)


def _hook(task: Task, settings: Settings) -> Hook | None:
    if _of(task.name, settings.on_init):
        return Hook.ON_INIT
    return Hook.ON_FINALIZE if _of(task.name, settings.on_finalize) else None


def _of(step: str, job: str | None) -> bool:
    return job is not None and step.partition(".")[0] == job


def _ends(items: Sequence[Step | Task]) -> list[str]:
    """Names of those that no other of them waits for."""
    needed = {name for item in items for name in item.after}
    return [item.name for item in items if item.name not in needed]
