"""Tries images from the inside: everything that was asked for can be imported, every step's entry can start.

A container without network runs ``templates/verify/try_image.py`` with the image's own Python. What was found good is
remembered by the image's id, so an image is tried once.
"""

import json
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.hashing import digest
from mlc.images.cache import cache_root, write_atomically
from mlc.images.children import Children
from mlc.images.engine import Engine, SilentEngineError, get_json
from mlc.images.entries import started
from mlc.images.origins import normal
from mlc.images.report import Report, State, Subject
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.plan import Plan, Task
from mlc.records import dataclass

_MARK = "MLC-VERIFY "
_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_START = """for p in python python3 /opt/conda/bin/python; do
  "$p" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null && exec "$p" -c "$0" "$1"
done
exit 66"""
_NO_PYTHON = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of an image. ``known``: it was tried, and found good, before."""

    image: str
    good: bool
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trials:
    plan: Plan
    engine: Engine
    docker: str
    children: Children
    report: Report
    bag: Bag


def verify(plan: Plan, engine: Engine, report: Report, bag: Bag) -> tuple[Tried, ...]:
    """Try each image of ``plan``; what is wrong goes to ``bag``: E625 packages, E626 entries, E627 the image itself.

    All problems of all images are found in one run. W625 is of a package that nobody asked for, W626 of an entry of
    which nothing can be told.
    """
    from shutil import which

    docker = which("docker") or "docker"
    children = Children()
    trials = _Trials(plan=plan, engine=engine, docker=docker, children=children, report=report, bag=bag)
    try:
        return tuple(_one(trials, image) for image in plan.images)
    finally:
        children.stop()


def _one(trials: _Trials, image: Image) -> Tried:
    for component, program in _others(trials.plan, image):
        why = f"{program} is no Python, and only Python is tried"
        trials.report.message(f"{image.name}: what component {component} starts is not tried: {why}.")
    spec = what_to_try(trials.plan, image)
    if not any(spec.values()):
        return Tried(image=image.name, good=True)
    known = cache_root() / "verified" / f"{_identity(image, trials.engine)}-{digest(spec)[:12]}"
    if known.is_file():
        return Tried(image=image.name, good=True, known=True)
    trials.report.started(Subject.TRIAL, image.name)
    lines: list[str] = []
    start = time.monotonic()
    command = _command(trials, image, spec)
    code = trials.children.run(command, lines.append, cwd=Path.cwd(), env=os.environ)
    good = _judge(image, trials.bag, code, lines)
    state = State.VERIFIED if good else State.FAILED
    trials.report.finished(Subject.TRIAL, image.name, state, time.monotonic() - start)
    if good:
        with suppress(OSError):  # then it is tried again
            write_atomically(known, "")
    return Tried(image=image.name, good=good)


def what_to_try(plan: Plan, image: Image) -> dict[str, Any]:
    """The argument of the program in the image: distributions that were asked for, those they need, entries."""
    asked = list(dict.fromkeys(_asked(image)))
    lock = getattr(image.recipe, "lock", None)
    needed = [name for package in (lock.pip if lock else ()) if (name := normal(package.name)) not in asked]
    entries = [entry for task in _tasks(plan, image) for entry in started(plan, task).entries]
    unique = {json.dumps(entry, sort_keys=True): entry for entry in entries}
    return {"asked": asked, "maybe": _conda(image), "needed": needed, "entries": list(unique.values())}


def _tasks(plan: Plan, image: Image) -> list[Task]:
    return [task for task in plan.tasks if task.image == image.name and task.component in image.components]


def _others(plan: Plan, image: Image) -> list[tuple[str, str]]:
    """Components, and the programs that they start which are no Python."""
    pairs = [(task.component, name) for task in _tasks(plan, image) for name in started(plan, task).others]
    return list(dict.fromkeys(pairs))


def _asked(image: Image) -> Iterable[str]:
    match image.recipe:
        case UvInstall(requirements=lines) | MambaInstall(pip=lines):
            for line in lines:
                # Options have no name; what has a marker may rightly not be there.
                if (match := _NAME.match(line)) and ";" not in line and ("://" not in line or " @ " in line):
                    yield normal(match[1])
        case _:
            return


def _conda(image: Image) -> list[str]:
    """Packages of conda that may be Python's: tried where the image knows them as such."""
    specs = image.recipe.conda if isinstance(image.recipe, MambaInstall) else ()
    return sorted({normal(match[1]) for spec in specs if (match := _NAME.match(spec.rpartition("::")[2]))})


def _command(trials: _Trials, image: Image, spec: dict[str, Any]) -> list[str]:
    from mlc.resources import templates

    program = (templates() / "verify" / "try_image.py").read_text(encoding="utf-8")
    limits = ("--rm", "--init", "--network", "none", "--cap-drop", "ALL", "--platform", trials.plan.platform)
    start = ("--entrypoint", "/bin/sh", image.reference, "-c", _START, program, json.dumps(spec))
    return [trials.docker, "run", *limits, *start]


def _judge(image: Image, bag: Bag, code: int, lines: list[str]) -> bool:
    """Whether nothing is wrong; what is, goes to ``bag``."""
    marked = [line for line in lines if line.startswith(_MARK)]
    if not marked:
        fix = "`docker run --rm -it --entrypoint sh " + image.reference + "` shows it"
        why = (
            "There is no Python in it (3.6 or newer, in PATH)"
            if code == _NO_PYTHON
            else f"It said: {' / '.join(lines[-3:])[-400:]}"
        )
        bag.add("E627", image.span, f"Environment {image.name} cannot be tried", why=why, fix=fix)
        return False
    problems = json.loads(marked[-1].removeprefix(_MARK))
    for kind, name, why, file, line in problems:
        _tell(image, bag, kind, (name, why, f"{file}:{line}" if line else file))
    return not any(kind in ("asked", "maybe", "entry") for kind, *_ in problems)


def _tell(image: Image, bag: Bag, kind: str, said: tuple[str, str, str]) -> None:
    name, why, place = said
    match kind:
        case "asked" | "maybe":
            what = f"{name} is of no use in environment {image.name}"
            fix = "Ask for a version that works there, or for what it lacks (a system library belongs into the base)"
            bag.add("E625", _line_of(image, name), what, why=why, fix=fix)
        case "gpu":
            what = f"{name} can only be imported where there is a GPU, so environment {image.name} is not tried with it"
            bag.add("W625", _line_of(image, name), what, why=why)
        case "needed":
            bag.add("W625", image.span, f"{name}, which was not asked for, is of no use in {image.name}", why=why)
        case "entry":
            what = f"Component {name} does not start in environment {image.name}"
            fix = "Add the package to the environment" if "No module named" in why else ""
            bag.add("E626", image.span, what, why=f"{place}: {why}", fix=fix)
        case _:
            what = f"Whether component {name} starts in environment {image.name} could not be told"
            bag.add("W626", image.span, what, why=f"{place}: {why}")


def _line_of(image: Image, name: str) -> Span:
    for item in image.origins:
        if (match := _NAME.match(item.text)) and normal(match[1]) == name:
            return item.span
    return image.span or NOWHERE


def _identity(image: Image, engine: Engine) -> str:
    """The image's id where the engine says it over its socket, else its name: both change with what is in it."""
    from urllib.parse import quote

    try:
        about = get_json(engine.endpoint, f"/images/{quote(image.reference, safe='/:@')}/json")
        return str(about["Id"]).partition(":")[2]
    except (OSError, SilentEngineError, ValueError, TypeError, KeyError):
        return digest(image.reference)
