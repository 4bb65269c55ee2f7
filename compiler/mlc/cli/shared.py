"""What ``mlc build`` is told about a registry, and what it does with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlc.diagnostics import Span, fail
from mlc.files import Written
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.cli.compiling import Session
    from mlc.driver import Compiled, Options
    from mlc.images import BuildOptions

F = TypeVar("F", bound=Callable[..., Any])


def registry(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """The name of a registry as an option's value; a trailing slash does not matter."""
    if given is None:
        return None
    from mlc.config.values import WrongValueError, registry_name

    try:
        return registry_name(given.rstrip("/"))
    except WrongValueError as wrong:
        raise click.BadParameter(f"{given!r} is not {wrong}.") from None


registry_option = click.option(
    "--registry",
    metavar="R",
    callback=registry,
    help="Where images are shared (ghcr.io/me): what it has is pulled instead of built.",
)


cache_option = click.option(
    "--cache",
    metavar="R/NAME",
    callback=registry,
    help="A repository for layers: read, and with --push written to.",
)


def options(command: F) -> F:
    """``--registry``, ``--cache`` and ``--push``."""
    for decorate in (
        click.option("--push", is_flag=True, help="Give the registry the images that it has not."),
        cache_option,
        registry_option,
    ):
        command = decorate(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was asked for on the command line and in the settings. ``options``: the compiler's, for a bundle anew."""

    options: "Options"
    cache: str
    push: bool
    source: Path
    """The folder of the source."""

    @staticmethod
    def of(session: "Session", *, push: bool, cache: str | None, images: bool) -> "Share":
        """Refuses ``--push`` where nothing can be pushed."""
        if push and not images:
            raise click.UsageError("--push has nothing to push with --no-images.")
        if push and not session.options.config.registry:
            raise click.UsageError("--push needs a registry: --registry R, or `registry` in mlc.toml.")
        cache = cache or session.options.config.cache
        settings = session.options.config
        if settings.registry and _has_host(settings.image_prefix):
            why = f"image_prefix is {settings.image_prefix!r}, so names would have two"
            fix = "Set registry to that one, and image_prefix to what follows its name"
            raise fail("E601", Span(str(settings.file or "")), "The settings name two registries", why=why, fix=fix)
        return Share(options=session.options, cache=cache, push=push, source=session.source.parent)

    def pinned(self, compiled: "Compiled") -> "Compiled":
        """The bundle with the digests that are known by now."""
        if not compiled.plan.registry:
            return compiled
        from mlc import driver
        from mlc.images.digests import known_digests

        return driver.with_digests(compiled, known_digests(compiled.plan), self.options)

    def build_options(self) -> "BuildOptions":
        """For the builder."""
        from mlc.images import BuildOptions

        return BuildOptions(push=self.push, cache=self.cache, site=self.options.config.network, source=self.source)


def _has_host(prefix: str) -> bool:
    first, slash, _ = prefix.partition("/")
    return bool(slash) and ("." in first or ":" in first or first == "localhost")


def both(first: Written, then: Written) -> Written:
    """What two writes of one bundle did together."""
    added = {*first.added, *then.added}
    changed = ({*first.changed, *then.changed}) - added
    return Written(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        removed=tuple(sorted({*first.removed, *then.removed})),
        unchanged=then.unchanged + len(then.added) + len(then.changed) - len(added) - len(changed),
    )
