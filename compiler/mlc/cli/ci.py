"""``mlc ci``: a workflow for GitHub Actions or GitLab CI that builds the images and keeps the bundle."""

import sys
from pathlib import Path

import click

from mlc.cli import compiling, console, shared
from mlc.cli.sources import source_file
from mlc.cli.version import VERSION
from mlc.diagnostics import Bag, Span, fail


@click.command(
    epilog=compiling.example(
        "mlc ci github pipeline.py --registry ghcr.io/me", "mlc ci gitlab pipeline.yml", "mlc ci github p.py --out -"
    )
)
@click.argument("system", type=click.Choice(["github", "gitlab"]))
@click.argument("source", type=click.Path())
@shared.registry_option
@shared.cache_option
@click.option("--install", "package", metavar="SPEC", help=f"What pip installs there.  [default: mlc=={VERSION}]")
@click.option(
    "--out",
    metavar="FILE",
    help="Where to write it; - for standard output.  [default: where the system looks for it]",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(system: str, source: str, out: str | None, force: bool, **asked: str | None) -> None:
    """Write a workflow that builds the images of SOURCE, tries them, pushes them, and keeps the bundle.

    To be run in the repository's root. Without a registry, GitHub's workflow keeps images in GitHub's cache; GitLab's
    uses the registry of its project.
    """
    from mlc import config
    from mlc.backends import ci

    path = source_file(source)
    if not path.is_file():
        raise fail("E101", Span(str(path)), "There is no such file", fix="Give the pipeline's source")
    bag = Bag()
    settings = config.load(path.parent, bag)
    console.diagnostics(bag.sorted(), bag.sources, console.here())
    write, usual = ci.SYSTEMS[system]
    own = ci.OWN if system == "gitlab" else ""
    text = write(
        ci.Workflow(
            title=f"mlc {path.stem}",
            source=_relative(path),
            package=asked["package"] or f"mlc=={VERSION}",
            registry=asked["registry"] or settings.registry or own,
            cache=asked["cache"] or settings.cache,
        )
    )
    if out == "-":
        sys.stdout.write(text)
        return
    _put(Path(out or usual), text, force=force)


def _relative(path: Path) -> str:
    """The source as the workflow names it; refused where the workflow could not."""
    here = Path.cwd()
    if not path.is_relative_to(here):
        fix = "Run mlc ci in the root of the repository that holds the source"
        raise fail("E101", Span(str(path)), "The source lies outside of this folder", fix=fix)
    text = path.relative_to(here).as_posix()
    if "$" in text or not text.isprintable() or text.startswith("-"):
        what = f"A workflow cannot name the source {text!r}"
        raise fail(
            "E101", Span(str(path)), what, fix="Give it a name without $, control characters or a hyphen in front"
        )
    return text


def _put(target: Path, text: str, *, force: bool) -> None:
    if target.is_dir():
        raise fail("E604", Span(str(target.absolute())), f"{target} is a folder", fix="Give a file: --out")
    try:
        there = target.read_text(encoding="utf-8") if target.exists() else None
        if there == text:
            console.out(f"{target}: unchanged")
            return
        if there is not None and not force:
            what = f"{target} is there already, and is not what would be written"
            fix = "--force writes over it; --out - shows what would be written"
            raise fail("E604", Span(str(target.absolute())), what, fix=fix)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise fail("E604", Span(str(target.absolute())), "The workflow cannot be written", why=why) from None
    console.out(f"wrote {target}")
