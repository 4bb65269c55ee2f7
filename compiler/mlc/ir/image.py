"""Environments as images: how each is made, from what, and the key and name that follow from it.

A recipe says everything that decides what is installed; the code of the components comes on top of it.
"""

from dataclasses import field

from mlc.diagnostics import NOWHERE, Span
from mlc.files import File
from mlc.ir.environment import Requirement
from mlc.ir.lock import Layer, Lock
from mlc.ir.types import Pairs
from mlc.records import dataclass

LOCAL = {"local": True}
"""Field metadata: known only while compiling, not part of the dump."""

KEY_DIGITS = 12
"""Hex digits of a key in the name of an image; of its content there are as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseImage:
    """The image as it is; nothing is installed."""

    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UvInstall:
    """A virtual environment on ``base``, made and filled by uv. ``python`` None: the image's own Python."""

    base: str
    python: str | None
    requirements: tuple[str, ...]
    """Lines of requirements.txt, options (``--extra-index-url ...``) included, in the author's order."""
    installer_image: str = "ghcr.io/astral-sh/uv:0.9.7"
    """The image with uv in it (``/uv``), mounted for the build only; set from the configuration."""
    lock: Lock | None = None
    """What ``requirements`` were resolved to; None: that is left to the build."""
    layers: tuple[Layer, ...] = ()
    """With a lock: its packages, in the order in which they are installed."""
    local: tuple[tuple[str, File], ...] = field(default=(), compare=False, metadata=LOCAL, repr=False)
    """Files of the author's machine that ``requirements`` name, by path in the bundle (:mod:`mlc.ir.local`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MambaInstall:
    """A conda environment on ``base``, made by micromamba from ``conda.yaml``."""

    base: str
    python: str | None
    channels: tuple[str, ...]
    conda: tuple[str, ...]
    pip: tuple[str, ...]
    installer_image: str = "docker.io/mambaorg/micromamba:2.3.3"
    """The image with micromamba in it (``/bin/micromamba``), mounted for the build only; from the configuration."""
    lock: Lock | None = None
    layers: tuple[Layer, ...] = ()
    """As of :class:`UvInstall`."""
    local: tuple[tuple[str, File], ...] = field(default=(), compare=False, metadata=LOCAL, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildDockerfile:
    """The author's own Dockerfile and build context; ours continues from its result."""

    files: tuple[tuple[str, File], ...] = field(default=(), metadata=LOCAL, repr=False)
    dockerfile: str = "Dockerfile"
    digest: str = ""
    """Of all files of the context but the Dockerfile."""


Recipe = UseImage | UvInstall | MambaInstall | BuildDockerfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One environment: K of them, K images. ``name`` is its folder below ``environments/`` (``[a-z0-9._-]+``)."""

    name: str
    recipe: Recipe
    components: tuple[str, ...]
    """Names of the :class:`PlanComponent` whose code it holds, sorted."""
    key_inputs: Pairs = ()
    """Every input of the key: what, and its value as text. The content of ``key.json``."""
    key: str = ""
    """SHA-256 (hex) over ``key_inputs``: what is installed, not the code."""
    reference: str = ""
    """Name and tag of the image; the tag changes with the key, the code and the runtime."""
    digest: str = ""
    """``sha256:...`` of the image in the registry, once it is known to be there."""
    origins: tuple[Requirement, ...] = field(default=(), compare=False, metadata=LOCAL, repr=False)
    """What its author asked to have installed, as written, with the places: for messages."""
    span: Span = field(default=NOWHERE, compare=False, metadata=LOCAL, repr=False)
    """Where its environment is described; of an author's own Dockerfile that file, where it is known."""

    @property
    def short_key(self) -> str:
        """The digits of :attr:`key` that stand in names."""
        return self.key[:KEY_DIGITS]

    @property
    def repository(self) -> str:
        """:attr:`reference` without its tag."""
        return self.reference.rpartition(":")[0]

    @property
    def pinned(self) -> str:
        """By digest where that is known, so that every machine runs the very same image; else by tag."""
        return f"{self.repository}@{self.digest}" if self.digest else self.reference
