"""Builds the images of a plan that are not there yet, from the files of its bundle.

One builder process per image, side by side: the engine's own builder shares what they have in common. Each image has a
lock of its own, and is looked for again under it, so that two builds at once do the work once.
"""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlc.diagnostics import Diagnostic, MlcError
from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, locked, why_unusable
from mlc.images.children import Children
from mlc.images.commands import Commands, commands
from mlc.images.engine import Engine
from mlc.images.explanation import remember
from mlc.images.one_build import Built, OneBuild, run_builder
from mlc.images.options import DEFAULTS, BuildOptions
from mlc.images.report import OneAtATime, Report, State, Subject
from mlc.images.revision import revision_labels
from mlc.images.sharing import Sharing, to_push
from mlc.images.store import need_engine, present
from mlc.images.tools import find_tools
from mlc.images.uses import note_images
from mlc.ir.image import Image
from mlc.ir.plan import Plan
from mlc.records import dataclass

if TYPE_CHECKING:
    from concurrent.futures import Future


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """``state`` is SUCCEEDED for an image that was built now, REUSED for one that was there, or in its registry."""

    image: str
    reference: str
    state: State
    seconds: float = 0.0
    pulled: bool = False
    """Whether it came from the registry now."""
    pushed: bool = False
    """Whether the registry got it now."""
    made: Built = Built()
    """What the builder made, where it was built now."""

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
    sharing: Sharing
    apart: bool
    """Whether builds of the same image can be kept apart: not where the cache folder holds no locks."""


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
    wanted = [image for image in plan.images if image.reference not in there or to_push(image, options)]
    results = {image.name: _reused(image) for image in plan.images if image not in wanted}
    if wanted:
        from mlc.images.site import at_site

        options = at_site(options, plan, bundle)
        if (bundle / "vendor").is_dir():
            from mlc.images.vendor import load

            load(bundle, engine, "docker")
        labels = revision_labels(options.source or bundle)
        options = replace(options, labels=(*labels, *options.labels))
        if (why := why_unusable()) is not None:
            report.message(f"Nothing can be kept in the cache folder ({why}): images are built without it.")
        how = commands(bundle, plan.platform, options, find_tools(only_builder=True))
        job = _Job(
            plan=plan,
            bundle=bundle,
            engine=engine,
            commands=how,
            options=options,
            children=Children(),
            report=report,
            sharing=Sharing(plan, options, how.docker, report.diagnostic),
            apart=why is None,
        )
        results |= _build_all(job, wanted)
    note_images(plan, bundle)
    for image in plan.images:  # those that were there, too: the next change is one from here
        remember(plan, image, bundle)
    return tuple(results[image.name] for image in plan.images)


def _reused(image: Image) -> BuildResult:
    return BuildResult(image=image.name, reference=image.reference, state=State.REUSED)


def _build_all(job: _Job, images: list[Image]) -> dict[str, BuildResult]:
    from concurrent.futures import ThreadPoolExecutor  # a build with nothing to do does without

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
    def waiting() -> None:
        job.report.doing(Subject.IMAGE, image.name, "waiting for another build of the same image")

    def run(command: list[str]) -> tuple[int, list[str]]:
        return _run_docker(job, image, command)

    start = time.monotonic()
    job.report.started(Subject.IMAGE, image.name)
    state, pulled, pushed, made_now = State.FAILED, False, False, Built()
    try:
        with _lock(job, image, waiting):
            if present([image.reference], job.engine) or (pulled := job.sharing.obtain(image, run)):
                state = State.REUSED
            else:
                how = replace(job.commands, options=job.sharing.with_cache(image, run))
                made_now = run_builder(_one(job, image), how.of(image), dict(job.options.environment))
                remember(job.plan, image, job.bundle)
                job.sharing.built(image)
                state = State.SUCCEEDED
            if to_push(image, job.options):
                made, state = state, State.FAILED
                job.sharing.publish(image, run)
                state, pushed = made, True
    except InterruptedError:
        state = State.CANCELLED
        raise
    finally:
        seconds = time.monotonic() - start
        job.report.finished(Subject.IMAGE, image.name, state, seconds)
    return BuildResult(
        image=image.name,
        reference=image.reference,
        state=state,
        seconds=seconds,
        pulled=pulled,
        pushed=pushed,
        made=made_now,
    )


def _lock(job: _Job, image: Image, waiting: Callable[[], None]) -> AbstractContextManager[None]:
    if not job.apart:
        return nullcontext()
    path = cache_root() / "locks" / f"image-{digest_bytes(image.reference.encode())[:24]}"
    return locked(path, waiting, lambda: job.children.stopping)


def _one(job: _Job, image: Image) -> OneBuild:
    return OneBuild(
        plan=job.plan,
        image=image,
        bundle=job.bundle,
        engine=job.engine,
        children=job.children,
        report=job.report,
        hidden=job.options.hidden,
    )


def _run_docker(job: _Job, image: Image, command: list[str]) -> tuple[int, list[str]]:
    """Run a command that is no build, with its output in the report: exit status and lines."""
    lines: list[str] = []

    def line(text: str) -> None:
        lines.append(text)
        job.report.line(Subject.IMAGE, image.name, text)

    code = job.children.run(command, line, cwd=job.bundle, env=os.environ)
    if job.children.stopping:
        raise InterruptedError("stopped")
    return code, lines
