"""``mlc build``: a source to a bundle on the disk, and its images."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlc.cli import compiling, console, locking, shared, verifying
from mlc.diagnostics import Span, fail

if TYPE_CHECKING:
    from mlc.driver import Compiled
    from mlc.files import Written
    from mlc.images import BuildOptions, BuildResult, Engine


@click.command(
    epilog=compiling.example(
        "mlc build pipeline.py",
        "mlc build pipeline.yml --out bundle --no-images",
        "mlc build submit.py -- --learning-rate 0.1",
    )
)
@compiling.source_options
@compiling.bundle_options
@locking.options
@click.option("--no-images", is_flag=True, help="Only write the bundle.")
@click.option(
    "--gpu",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Whether a plain `docker compose up` reserves the GPUs that steps ask for.",
)
@shared.options
@verifying.option
@click.option("--explain", is_flag=True, help="Say of every image why it is reused or built.")
@compiling.json_option
def command(
    no_images: bool, gpu: str, explain: bool, as_json: bool, push: bool, cache: str | None, **asked: Any
) -> None:
    """Compile SOURCE to a bundle, and build its images if a Docker engine answers.

    SOURCE is a Python script, a notebook or a pipeline YAML. What has not changed is not written and not built again.
    """
    wants_trial = asked.pop("verify")
    asked |= {"gpu": gpu == "on", "online": not no_images}
    session, compiled = compiling.compile_source(compiling.Asked(**locking.asked(asked, make=not no_images)))
    share = shared.Share.of(session, push=push, cache=cache, images=not no_images)
    compiled = share.pinned(compiled)
    written = write(compiled)
    built: tuple[BuildResult, ...] = ()
    engine = None if no_images else _engine(insist=push)
    if explain:
        _explain(compiled, engine)
    if engine is not None:
        built = _build(compiled, engine, share.build_options())
        compiled = share.pinned(compiled)
        written = shared.both(written, write(compiled))
    if as_json:
        console.out_json(_as_dict(compiled, written, built))
    else:
        _tell(compiled, written, built)
    if engine is not None and wants_trial:
        verifying.verify(compiled, engine)


def write(compiled: "Compiled") -> "Written":
    """Put the bundle on the disk; ``MlcError`` E604 where that cannot be done."""
    from mlc import driver

    try:
        return driver.write(compiled)
    except OSError as error:
        place = Span(str(error.filename or compiled.bundle))
        why = error.strerror or str(error)
        raise fail("E604", place, "The bundle cannot be written", why=why, fix="Give another folder: --out") from None


def shown(path: Path) -> str:
    """``path`` relative to the working folder where it is below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def quoted(folder: str) -> str:
    """``folder`` as a word for a shell."""
    from shlex import quote

    return quote(folder)


def files_line(compiled: "Compiled", written: "Written") -> str:
    """``out/fashion_mnist: files: 2 new, 1 changed, 35 unchanged``."""
    folder = console.printable(shown(compiled.bundle))
    if written.nothing:
        return f"{folder}: all {written.unchanged} files unchanged"
    numbers = (len(written.added), len(written.changed), len(written.removed), written.unchanged)
    words = ("new", "changed", "removed", "unchanged")
    parts = [f"{number} {word}" for number, word in zip(numbers, words, strict=True) if number]
    return f"{folder}: files: {', '.join(parts)}"


def _engine(*, insist: bool) -> "Engine | None":
    from mlc.images import NoEngine, find_engine, need_engine

    engine = need_engine() if insist else find_engine()
    if isinstance(engine, NoEngine):
        console.note(f"No images were built: {engine.reason}. {engine.fix}.")
        return None
    return engine


def _explain(compiled: "Compiled", engine: "Engine | None") -> None:
    from mlc import images

    there = None if engine is None else images.present((image.reference for image in compiled.plan.images), engine)
    for image in compiled.plan.images:
        present = None if there is None else image.reference in there
        told = images.explain(compiled.plan, image, compiled.bundle, present=present)
        console.note(f"{'REUSE' if told.reuse else 'BUILD'} {told.image}: {console.printable('; '.join(told.because))}")


def _build(compiled: "Compiled", engine: "Engine", options: "BuildOptions") -> "tuple[BuildResult, ...]":
    from mlc import images
    from mlc.cli.progress import Progress

    with Progress() as progress:
        return images.build(compiled.plan, compiled.bundle, progress, engine, options)


def _tell(compiled: "Compiled", written: "Written", built: "tuple[BuildResult, ...]") -> None:
    console.out(files_line(compiled, written))
    if built:
        from mlc.cli.images_line import images_line

        console.out(images_line(built))
    folder = shown(compiled.bundle)
    console.out(f"next: cd {quoted(folder)} && docker compose up    or: mlc run {quoted(folder)}")


def _as_dict(compiled: "Compiled", written: "Written", built: "tuple[BuildResult, ...]") -> dict[str, object]:
    states = {result.image: str(result.state) for result in built}
    return {
        "pipeline": compiled.plan.name,
        "bundle": str(compiled.bundle),
        "files": {
            "added": list(written.added),
            "changed": list(written.changed),
            "removed": list(written.removed),
            "unchanged": written.unchanged,
        },
        "images": [
            {"name": image.name, "reference": image.reference, "state": states.get(image.name, "not built")}
            | ({"digest": image.digest} if image.digest else {})
            for image in compiled.plan.images
        ],
    }
