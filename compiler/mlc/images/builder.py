"""Builds the images of a plan that are not there yet, from the files of its bundle.

One builder process per image, side by side: the engine's own builder shares what they have in common. Each image has a
lock of its own, and is looked for again under it, so that two builds at once do the work once.
"""

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from mlc.diagnostics import NOWHERE, Diagnostic, MlcError, fail
from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, locked
from mlc.images.children import Children
from mlc.images.commands import Commands, commands
from mlc.images.engine import Engine
from mlc.images.explanation import remember
from mlc.images.failure import capital, explain_failure, tail
from mlc.images.options import DEFAULTS, BuildOptions
from mlc.images.report import OneAtATime, Report, State, Subject
from mlc.images.store import need_engine, present
from mlc.images.tools import find_tools
from mlc.ir.plan import Image, Plan
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """``state`` is SUCCEEDED for an image that was built now, REUSED for one that was there."""

    image: str
    reference: str
    state: State
    seconds: float = 0.0

    @property
    def built(self) -> bool:
        """Whether it was built now."""
        return self.state is State.SUCCEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    plan: Plan
    bundle: Path
    engine: Engine
    commands: Commands
    options: BuildOptions
    children: Children
    report: Report


def build(
    plan: Plan, bundle: Path, report: Report, engine: Engine | None = None, options: BuildOptions = DEFAULTS
) -> tuple[BuildResult, ...]:
    """Build what is missing; results in the plan's order. ``MlcError`` E650 without an engine, E651 if one fails.

    The others are built to their end first, so that what works is there the next time; each failure is told through
    ``report`` when it happens, and the last one is raised.
    """
    engine = engine or need_engine()
    report = OneAtATime(report)
    there = present((image.reference for image in plan.images), engine)
    wanted = [image for image in plan.images if image.reference not in there]
    results = {image.name: _reused(image) for image in plan.images if image.reference in there}
    if wanted:
        how = commands(bundle, plan.platform, options, find_tools())
        job = _Job(
            plan=plan,
            bundle=bundle,
            engine=engine,
            commands=how,
            options=options,
            children=Children(),
            report=report,
        )
        results |= _build_all(job, wanted)
    return tuple(results[image.name] for image in plan.images)


def _reused(image: Image) -> BuildResult:
    return BuildResult(image=image.name, reference=image.reference, state=State.REUSED)


def _build_all(job: _Job, images: list[Image]) -> dict[str, BuildResult]:
    failures: list[Diagnostic] = []
    results: dict[str, BuildResult] = {}
    with ThreadPoolExecutor(min(job.options.at_once, len(images)), thread_name_prefix="build") as pool:
        try:
            futures: list[Future[BuildResult]] = [pool.submit(_build_one, job, image) for image in images]
            for future in futures:
                try:
                    result = future.result()
                    results[result.image] = result
                except MlcError as error:
                    failures.append(error.diagnostic)
        except BaseException:
            # Ctrl-C: the builders get the same signal from us; what they had half made has no name in the engine.
            pool.shutdown(wait=False, cancel_futures=True)
            job.children.stop()
            raise
    for told in failures[:-1]:
        job.report.diagnostic(told)
    if failures:
        raise MlcError(failures[-1])
    return results


def _build_one(job: _Job, image: Image) -> BuildResult:
    lock = cache_root() / "locks" / f"image-{digest_bytes(image.reference.encode())[:24]}"

    def waiting() -> None:
        job.report.line(Subject.IMAGE, image.name, "waiting for another build of the same image")

    start = time.monotonic()
    job.report.started(Subject.IMAGE, image.name)
    state = State.FAILED
    try:
        with locked(lock, waiting, lambda: job.children.stopping):
            if present([image.reference], job.engine):
                state = State.REUSED
            else:
                _run_builder(job, image)
                remember(job.plan, image)
                state = State.SUCCEEDED
    except InterruptedError:
        state = State.CANCELLED
        raise
    finally:
        seconds = time.monotonic() - start
        job.report.finished(Subject.IMAGE, image.name, state, seconds)
    return BuildResult(image=image.name, reference=image.reference, state=state, seconds=seconds)


def _run_builder(job: _Job, image: Image) -> None:
    """Run the builder with its output in a log file and in the report; ``MlcError`` E651 if there is no image then."""
    log = job.bundle / ".mlc" / "builds" / f"{image.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    env = os.environ | {"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
    with log.open("w", encoding="utf-8") as stream:

        def line(text: str) -> None:
            lines.append(text)
            stream.write(text + "\n")
            job.report.line(Subject.IMAGE, image.name, text)

        code = job.children.run(job.commands.of(image), line, cwd=job.bundle, env=env)
    if job.children.stopping:
        raise InterruptedError("stopped")
    if code:
        raise _failure(job, image, lines, log)
    if not present([image.reference], job.engine):
        why = "The builder ended well, but the engine does not have the image"
        fix = "A buildx builder that keeps its results elsewhere is in use: `docker buildx use default`"
        raise fail("E651", NOWHERE, f"Image {image.reference} is not there after its build", why=why, fix=fix)


def _failure(job: _Job, image: Image, lines: list[str], log: Path) -> MlcError:
    told = explain_failure(image, "\n".join(lines))
    job.report.message(f"The end of what the builder of {image.name} said:")
    for line in tail(lines):
        job.report.message(f"    {line}")
    what = f"Environment {image.name} of {job.plan.source or job.plan.name} could not be built"
    fix = f"{told.fix}. The whole log is {log}"
    return MlcError(Diagnostic("E651", told.span, what, capital(told.why), fix, notes=told.notes))
