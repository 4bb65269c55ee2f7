"""The settings as types, with their defaults."""

from dataclasses import field
from enum import StrEnum
from pathlib import Path

from mlc.config.network import Network
from mlc.records import dataclass


class Installer(StrEnum):
    """Who installs conda files: ``auto`` takes uv where only pip packages are listed, micromamba else."""

    AUTO = "auto"
    UV = "uv"
    MICROMAMBA = "micromamba"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """``[tool.mlc.computes.NAME]``: what a compute of that name has here. ``gpus`` -1 means all."""

    gpus: int = 0
    device_ids: tuple[str, ...] = ()
    cpus: float | None = None
    memory: str | None = None
    shm_size: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings with their defaults. ``file`` is where they came from, None: no file, defaults only."""

    file: Path | None = None
    computes: dict[str, Compute] = field(default_factory=dict)
    installer: Installer = Installer.AUTO
    uv_image: str = "ghcr.io/astral-sh/uv:0.9.7"
    micromamba_image: str = "docker.io/mambaorg/micromamba:2.3.3"
    default_base: str = "docker.io/library/python:3.11-slim-bookworm"
    """For a conda file without an image; the asked Python replaces the version."""
    platform: str = "linux/amd64"
    """What images are built for, as Docker writes it."""
    torch_backend: str = "auto"
    """Which builds of PyTorch a lock takes: ``off`` those of the author's index, ``cpu`` or ``cu126`` those of
    PyTorch's index, ``auto`` those for processors where no step of the environment reserves a GPU."""
    image_prefix: str = "mlc"
    """First part of the names of the images that are built."""
    registry: str = ""
    """Where images are shared, ``ghcr.io/me``: put before their names; '' they stay on this machine."""
    cache: str = ""
    """A repository for the layers of images, ``ghcr.io/me/cache``; '' none."""
    component_paths: tuple[Path, ...] = ()
    """Folders to look for components and environments by name, besides the source's own tree."""
    environments: dict[str, str] = field(default_factory=dict)
    """Images for environments by name: they win over the table of curated ones and over YAML files."""
    map: dict[str, str] = field(default_factory=dict)
    """What names stand for here, as ``--map`` says it: a URL, an image, or a path relative to the file."""
    datastores: dict[str, str] = field(default_factory=dict)
    """The folder (relative to the file) or URL that a datastore of that name is."""
    network: Network = Network()
    """How this site reaches the internet."""
    catalog: Path | None = None
    """The folder of the local catalog; None: the user's own."""
