"""``on_init`` runs before all other steps, ``on_finalize`` after them: as edges, which is what containers know."""

from dataclasses import replace

from mlc.ir.pipeline import Settings
from mlc.passes.lowering.flatten import Step


def with_first_and_last(steps: list[Step], settings: Settings) -> list[Step]:
    """The steps of the two jobs moved to the ends, with edges from and to those between."""
    if settings.on_init is None and settings.on_finalize is None:
        return steps
    first = [step for step in steps if _of(step, settings.on_init)]
    last = [step for step in steps if _of(step, settings.on_finalize)]
    middle = [step for step in steps if not _of(step, settings.on_init) and not _of(step, settings.on_finalize)]
    middle = _behind(middle, first)
    return first + middle + _behind(last, first + middle)


def _of(step: Step, job: str | None) -> bool:
    return job is not None and step.name.partition(".")[0] == job


def _behind(steps: list[Step], before: list[Step]) -> list[Step]:
    """Steps that wait for nobody wait for the ends of ``before``."""
    needed = {name for step in before for name in step.after}
    ends = frozenset(step.name for step in before if step.name not in needed)
    return [step if step.after else replace(step, after=ends) for step in steps]
