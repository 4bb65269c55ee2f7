"""Where the lock file of an environment lies, and whether it answers what is asked now."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mlc.diagnostics import Diagnostic, Span
from mlc.images.locks.request import Fields, asked_fields, changes, package_name, request_of
from mlc.images.locks.text import LockFile, LockTextError, noted_base, parse
from mlc.images.locks.torch import relevant
from mlc.ir.lock import Lock
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.ir.image import Image
    from mlc.ir.plan import Plan

FOLDER = "locks"
"""Beside the source."""
_LARGEST = 20_000_000
"""Bytes; no lock comes near that."""


class State(StrEnum):
    """What there is for an environment."""

    NONE = "none"
    """Nothing to resolve."""
    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    BROKEN = "broken"
    """It cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The lock file of one environment. ``file``: what it says, where it could be read."""

    image: str
    path: Path
    state: State
    file: LockFile | None = None
    changed: tuple[str, ...] = ()
    """Of a stale one: what changed since, a clause each."""
    problem: Diagnostic | None = None
    """Of a broken one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the lock of one environment."""

    image: str
    path: Path
    state: State
    """FRESH: there is a lock that holds now. Of others there is none, and ``problem`` says why."""
    made: bool = False
    """Whether it was resolved now."""
    before: LockFile | None = None
    lock: Lock | None = None
    asked: tuple[str, ...] = ()
    """What made it stale."""
    problem: Diagnostic | None = None
    warning: Diagnostic | None = None


def lock_path(folder: Path, plan: "Plan", image: "Image") -> Path:
    """``<folder>/locks/<plan>/<image>.linux-amd64.txt``; ``folder`` is the source's."""
    return folder / FOLDER / plan.name / f"{image.name}.{plan.platform.replace('/', '-')}.txt"


def standing(folder: Path, plan: "Plan", image: "Image", config: "Config") -> Standing:
    """What there is for ``image``; one small file is read."""
    path = lock_path(folder, plan, image)
    asked = fields_of(plan, image, config)
    if asked is None:
        return Standing(image=image.name, path=path, state=State.NONE)
    try:
        with path.open("rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8")
        file = parse(text)
    except (FileNotFoundError, NotADirectoryError):
        return Standing(image=image.name, path=path, state=State.MISSING)
    except (LockTextError, OSError, UnicodeDecodeError) as problem:
        return Standing(image=image.name, path=path, state=State.BROKEN, problem=_unreadable(path, problem))
    changed = (*changes(file.asked, relevant(asked, file.lock)), *_lost(file), *_moved_base(file, image))
    state = State.STALE if changed else State.FRESH
    return Standing(image=image.name, path=path, state=state, file=file, changed=changed)


def as_it_is(there: Standing) -> Outcome:
    """What is told of a lock that nothing was done about."""
    lock = there.file.lock if there.file is not None and there.state is State.FRESH else None
    return Outcome(
        image=there.image, path=there.path, state=there.state, before=there.file, lock=lock, asked=there.changed
    )


def fields_of(plan: "Plan", image: "Image", config: "Config") -> Fields | None:
    """What the head of a fresh lock file of ``image`` says; None where there is nothing to resolve."""
    request = request_of(plan, image, config)
    return None if request is None else asked_fields(request)


def _lost(file: LockFile) -> tuple[str, ...]:
    """What the head asks for and no package answers: somebody, or a merge, took it out.

    Not of what a marker can leave out, nor where packages of conda, which have names of their own, can be the answer.
    """
    if file.lock.conda:
        return ()
    there = {package.name for package in file.lock.pip}
    lines = [value for name, value in file.asked if name == "requirement" and ";" not in value]
    names = dict.fromkeys(name for line in lines if (name := package_name(line)) is not None)
    return tuple(f"the package {name} is not in it" for name in names if name not in there)


def _moved_base(file: LockFile, image: "Image") -> tuple[str, ...]:
    """The digest in a lock is that of another image than the environment is based on now."""
    before, now = noted_base(file), getattr(image.recipe, "base", "")
    return (f"base {before} -> {now}",) if before and before != now else ()


def _unreadable(path: Path, problem: Exception) -> Diagnostic:
    line, why = 0, "It is not plain UTF-8 text"
    if isinstance(problem, LockTextError):
        line, why = problem.line, problem.why
    elif isinstance(problem, OSError):
        why = problem.strerror or str(problem)
    what = "This lock file cannot be read"
    fix = "`mlc lock --fresh` makes it anew; to keep its versions, take back what was edited or merged"
    return Diagnostic("E612", Span(str(path), line, 1 if line else 0), what, why, fix)
