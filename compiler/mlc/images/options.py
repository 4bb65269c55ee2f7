"""What a command asks of the builder, as data; :mod:`mlc.images.commands` makes a command line of it, in one place."""

from dataclasses import field
from pathlib import Path

from mlc.config.network import NOTHING_SET, Network
from mlc.ir.types import Pairs
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Something that a build may read and nothing keeps: the value of ``variable``, or the content of ``file``.

    The builder reads it itself. mlc passes on where it is, never what it says.
    """

    id: str
    """As the Dockerfile names it: ``--mount=type=secret,id=...``."""
    variable: str = ""
    file: Path | None = None

    def __post_init__(self) -> None:
        assert bool(self.variable) != (self.file is not None), f"secret {self.id}: a variable or a file"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How images are built; the defaults: on this engine, for this engine, from what it can reach.

    For which platform is not asked here: :attr:`mlc.ir.plan.Plan.platform` says it.
    """

    push: bool = False
    """Give the plan's registry what it has not; images that it has are pulled instead of built anyway."""
    cache: str = ""
    """A repository for layers, ``ghcr.io/me/cache``: read, and with ``push`` written to."""
    cache_from: tuple[str, ...] = ()
    """References, or cache options of buildx (``type=local,src=...``), in which ``{target}`` stands for the image."""
    cache_to: tuple[str, ...] = ()
    """As ``cache_from``; needs buildx and a builder that can."""
    build_args: Pairs = ()
    """Values for ``ARG``, '' for that of the builder's environment. They end up in the image's history, so nothing
    secret is among them."""
    secrets: tuple[Secret, ...] = ()
    environment: Pairs = ()
    """Variables for the builder's own process (proxies, say), besides those of this one."""
    site: Network = NOTHING_SET
    """How this site reaches the internet; :func:`mlc.images.site.at_site` makes those three and ``hidden`` of it."""
    hidden: tuple[str, ...] = field(default=(), repr=False)
    """What is covered in everything that a builder prints."""
    labels: Pairs = ()
    """For the image, besides those of its Dockerfile."""
    source: Path | None = None
    """The folder of the pipeline's source, whose checkout becomes a label; None: the bundle's own."""
    network: str = ""
    """Of the commands in Dockerfiles: ``none`` or ``host``; '' the engine's usual one."""
    no_cache: bool = False
    """Run every command again."""
    verify: bool = False
    """Try the new images: import what is installed, start each component's entry."""
    at_once: int = 4
    """Builder processes at a time; the engine decides how much of their work it really does in parallel."""


DEFAULTS = BuildOptions()
