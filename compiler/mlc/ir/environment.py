"""Environments as their authors describe them: four closed forms."""

from dataclasses import field

from mlc.diagnostics import NOWHERE, Span
from mlc.files import File
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of a conda file: a conda match spec or a pip requirement, as written."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)
    credentials: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """What stood in its URLs in clear, by the variables that took its place in ``text``."""
    files: tuple[tuple[str, File], ...] = field(default=(), compare=False, repr=False)
    """What it names on the author's machine, by path in the bundle (:mod:`mlc.ir.local`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaFile:
    """A conda environment file. ``python`` is the asked version (``3.8``, ``3.8.5``, ``>=3.9``) or None."""

    name: str | None = None
    channels: tuple[str, ...] = ()
    python: str | None = None
    conda: tuple[Requirement, ...] = ()
    """Conda packages other than python, pip and setuptools/wheel."""
    tools: tuple[Requirement, ...] = ()
    """pip, setuptools and wheel, where they are listed as conda packages."""
    pip: tuple[Requirement, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageEnvironment:
    """An image that has everything."""

    image: str
    name: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaEnvironment:
    """An image and what is installed on it. ``image`` None: the author named none, mlc's default base is meant."""

    image: str | None
    conda: CondaFile
    name: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildEnvironment:
    """A folder with a Dockerfile (``dockerfile`` is relative to the folder)."""

    files: tuple[tuple[str, File], ...]
    dockerfile: str = "Dockerfile"
    file: str = field(default="", compare=False)
    """Where that Dockerfile itself is, for messages; '' not known."""
    name: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEnvironment:
    """A name to look up: ``registry`` None means the workspace; ``version`` may be a number or ``latest`` or None.

    ``label`` is a label other than ``latest``.
    """

    name: str
    version: str | None = None
    registry: str | None = None
    label: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


Environment = ImageEnvironment | CondaEnvironment | BuildEnvironment | NamedEnvironment
