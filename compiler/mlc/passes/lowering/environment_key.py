"""The key of an environment: everything that decides what is installed, and nothing else.

Order of packages, comments, blanks, repeats and names of files do not count; the order of pip's options does (indexes
have ranks). With a lock, what was resolved takes the place of what was asked for: two ways to ask for the same packages
are one environment. How the packages are spread over layers does not count, nor where they are fetched from.
"""

import re

from mlc.ir.image import BuildDockerfile, MambaInstall, Recipe, UseImage, UvInstall
from mlc.ir.key_fields import joined
from mlc.ir.lock import Lock, LockedPackage
from mlc.ir.types import Pairs

EPOCH = "2"
"""Raised when the way in which images are made changes so much that old ones must not be taken for new ones."""

LISTED = 100
"""Above this number of files, a build context is one item."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]=]*)\])?(.*)", re.DOTALL)
_COMPARISON = re.compile(r"\s*([<>=!~]+)\s*")


def key_inputs(recipe: Recipe, platform: str) -> Pairs:
    """Every input of the key as name and text; those that :data:`mlc.ir.key_fields.LISTS` names are lists."""
    around = (("epoch", EPOCH), ("platform", platform))
    match recipe:
        case UseImage():
            return (*around, *_base(recipe.base, None), ("installer", "none"))
        case UvInstall():
            return (*around, *_base(recipe.base, recipe.lock), ("installer", "uv"), *_uv(recipe))
        case MambaInstall():
            return (*around, *_base(recipe.base, recipe.lock), ("installer", "micromamba"), *_mamba(recipe))
        case BuildDockerfile():
            return (*around, ("installer", "Dockerfile"), *_context(recipe))


def _base(reference: str, lock: Lock | None) -> Pairs:
    """The name of the base image, and its digest where it is known: the author's, else the one of the lock."""
    name, _, pinned = reference.partition("@")
    digest = pinned or (lock.base_digest if lock else "")
    return (("base", name), ("base digest", digest)) if digest else (("base", name),)


def _uv(recipe: UvInstall) -> Pairs:
    return (
        ("installer image", recipe.installer_image),
        ("python", recipe.python or ""),
        ("lock", _pip_lock(recipe.lock))
        if recipe.lock
        else ("requirements", joined(normal_requirements(recipe.requirements))),
    )


def _mamba(recipe: MambaInstall) -> Pairs:
    common = (("installer image", recipe.installer_image), ("python", recipe.python or ""))
    if recipe.lock:
        conda = joined(sorted(f"{item.name}=={item.version} {item.build} {item.sha256}" for item in recipe.lock.conda))
        return (*common, ("conda lock", conda), ("lock", _pip_lock(recipe.lock)))
    return (
        *common,
        ("channels", joined(recipe.channels)),
        ("conda packages", joined(normal_requirements(recipe.conda))),
        ("requirements", joined(normal_requirements(recipe.pip))),
    )


def _pip_lock(lock: Lock) -> str:
    return joined(sorted(map(_locked, lock.pip)))


def _locked(package: LockedPackage) -> str:
    version = f"{package.name} @ {package.source}" if package.source else f"{package.name}=={package.version}"
    return " ".join((version, *sorted(package.hashes)))


def _context(recipe: BuildDockerfile) -> Pairs:
    """The Dockerfile, whatever it is called, and the other files of its context."""
    files = dict(recipe.files)
    dockerfile = files.pop(recipe.dockerfile, None)
    listed = (f"{path!r} {file.digest()}{' executable' * file.executable}" for path, file in sorted(files.items()))
    return (
        ("dockerfile", dockerfile.digest() if dockerfile else ""),
        ("build context", joined(listed) if len(files) <= LISTED else recipe.digest),
    )


def normal_requirements(lines: tuple[str, ...]) -> list[str]:
    """Lines without comments and repeats: options in their order, then packages sorted, their names normalised."""
    clean = [re.sub(r"(^|\s)#.*", "", line).strip() for line in lines]
    options = [" ".join(line.split()) for line in clean if line.startswith("-")]
    packages = {_normal(line) for line in clean if line and not line.startswith("-")}
    return list(dict.fromkeys(options)) + sorted(packages)


def _normal(line: str) -> str:
    """One way to write it: blanks, order of extras and of version bounds, capitals of the name do not count."""
    line = " ".join(line.split())
    match = _REQUIREMENT.fullmatch(line)
    if match is None or "::" in line:
        return line
    asked, semicolon, marker = match[3].partition(";")
    address = asked.strip().startswith("@")
    if not address and ("@" in asked or "://" in asked):  # an address without a name before it
        return line
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    extras = ",".join(sorted(item.strip().lower() for item in match[2].split(","))) if match[2] else ""
    named = f"{name}[{extras}]" if extras else name
    if address:
        return f"{named} @ {match[3].strip()[1:].strip()}"  # a semicolon may be part of the address
    condition = " ; " + _COMPARISON.sub(r" \1 ", " ".join(marker.split())).strip() if semicolon else ""
    return named + _versions(asked.strip()) + condition


def _versions(asked: str) -> str:
    spaced = re.sub(r"\s*([<>=!~,]+)\s*", r"\1", asked)
    return spaced if "|" in spaced else ",".join(sorted(spaced.split(",")))
