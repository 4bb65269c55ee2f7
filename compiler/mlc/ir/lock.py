"""Locks: what was resolved for an environment, package by package, with the hashes of the files that may be installed.

A lock is made for one platform and one Python. It is found, or made, outside of the
passes.
"""

from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """A Python package at one version. ``name`` is normal (PEP 503)."""

    name: str
    version: str
    hashes: tuple[str, ...] = ()
    """``sha256:...``, sorted, of the files that fit the lock's platform and Python; none for ``source``."""
    size: int = 0
    """Bytes of the largest of those files; 0: not known."""
    source: str = ""
    """'' for a package of an index. Else what is installed, as in a requirement: ``git+https://...@COMMIT``, a URL, or
    a path relative to the bundle's root."""
    via: tuple[str, ...] = ()
    """Names of the packages that ask for it, sorted; none: the author does."""
    generation: int = 0
    """0: there since the lock was made from nothing; n: its n-th update brought it. Later ones lie in later layers, so
    that what is below them is not installed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedCondaPackage:
    """A package of a conda channel. ``url`` is its file; ``sha256`` is hex; the rest as of :class:`LockedPackage`."""

    name: str
    version: str
    build: str
    url: str
    sha256: str
    size: int = 0
    via: tuple[str, ...] = ()
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All packages of an environment, sorted by name, with everything that they need."""

    pip: tuple[LockedPackage, ...] = ()
    conda: tuple[LockedCondaPackage, ...] = ()
    base_digest: str = ""
    """``sha256:...`` of the base image, where it was known when the lock was made."""
    python: str = ""
    """The Python that it was made for, ``3.11`` or ``3.8.5``; '': that is one of the conda packages."""
    indexes: tuple[str, ...] = ()
    """Indexes of packages besides those that the author and the configuration name: PyTorch's for processors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Packages of a lock that are installed together, as one layer of the image.

    Equal layers on equal ones are one layer, whichever image they are part of.
    """

    title: str
    """What it holds, in a few words for a comment: ``tensorflow, numpy and 2 more``."""
    pip: tuple[str, ...] = ()
    conda: tuple[str, ...] = ()
    """Names of the packages, sorted."""
