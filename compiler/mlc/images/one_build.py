"""One builder process: what it says goes to a log and, in few words, to the report; what it made is looked at."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mlc.diagnostics import NOWHERE, Diagnostic, MlcError, fail
from mlc.images.children import Children
from mlc.images.engine import Engine, SilentEngineError, get_json
from mlc.images.report import Report, Subject
from mlc.images.site import covered
from mlc.images.store import present
from mlc.images.words import capital
from mlc.ir.image import Image
from mlc.ir.plan import Plan
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.images.activity import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class OneBuild:
    """What is built where, and who hears of it."""

    plan: Plan
    image: Image
    bundle: Path
    engine: Engine
    children: Children
    report: Report
    hidden: tuple[str, ...] = field(default=(), repr=False)
    """What nobody may see in the builder's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """``size`` in bytes (0: the engine does not say); layers of what is installed that were there, and new ones."""

    size: int = 0
    reused: int = 0
    fresh: int = 0


def run_builder(build: OneBuild, command: Sequence[str], environment: Mapping[str, str]) -> Built:
    """Run ``command`` in the bundle; ``MlcError`` E651 if the engine does not have the image then.

    ``environment``: what the process gets besides this one's. ``InterruptedError`` if the children were stopped.
    """
    log = build.bundle / ".mlc" / "builds" / f"{build.image.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    from mlc.images.activity import Activity

    activity = Activity()
    env = os.environ | {"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"} | dict(environment)
    lines: list[str] = []
    with log.open("w", encoding="utf-8", buffering=1) as stream:  # people follow it
        code = build.children.run(
            command, lambda text: _line(build, activity, stream, lines, text), cwd=build.bundle, env=env
        )
    if build.children.stopping:
        raise InterruptedError("stopped")
    if code < 0:
        lines.append(f"ERROR: the builder's process was ended by a signal: {signal_name(-code)}")
    if code:
        raise _failure(build, lines, log)
    if not present([build.image.reference], build.engine):
        why = "The builder ended well, but the engine does not have the image"
        fix = "A buildx builder that keeps its results elsewhere is in use: `docker buildx use default`"
        raise fail("E651", NOWHERE, f"Image {build.image.reference} is not there after its build", why=why, fix=fix)
    return Built(size=_size(build), reused=activity.reused, fresh=activity.fresh)


def signal_name(number: int) -> str:
    """``killed`` for 9, as the system puts it."""
    import signal

    return (signal.strsignal(number) or str(number)).lower()


def _line(build: OneBuild, activity: "Activity", stream: TextIO, lines: list[str], text: str) -> None:
    text = covered(text, build.hidden)
    lines.append(text)
    with suppress(OSError):  # a full disk: the builder says so itself, and better
        stream.write(text + "\n")
    build.report.line(Subject.IMAGE, build.image.name, text)
    if (doing := activity.feed(text)) is not None:
        build.report.doing(Subject.IMAGE, build.image.name, doing.text, doing.detail)


def _size(build: OneBuild) -> int:
    from urllib.parse import quote

    if build.engine.endpoint.scheme not in ("unix", "tcp", "http", "https"):
        return 0
    try:
        about = get_json(build.engine.endpoint, f"/images/{quote(build.image.reference, safe='/:@')}/json")
        return int(about["Size"])
    except (OSError, SilentEngineError, ValueError, TypeError, KeyError):
        return 0


def _failure(build: OneBuild, lines: list[str], log: Path) -> MlcError:
    from mlc.images.failure import explain_failure, tail

    told = explain_failure(build.image, "\n".join(lines))
    build.report.message(f"The end of what the builder of {build.image.name} said:")
    for line in tail(lines):
        build.report.message(f"    {line}")
    what = f"Environment {build.image.name} of {build.plan.source or build.plan.name} could not be built"
    fix = f"{told.fix}. The whole log is {log}"
    return MlcError(Diagnostic("E651", told.span, what, capital(told.why), fix, notes=told.notes))
