"""The key of an environment: everything that decides what is installed, and nothing else.

Order of packages, comments, blanks and repeats do not count; the order of pip's options does (indexes have ranks).
"""

import re

from mlc.hashing import canonical_json
from mlc.ir.plan import BuildDockerfile, MambaInstall, Recipe, UseImage, UvInstall
from mlc.ir.types import Pairs

EPOCH = "1"
"""Raised when the way in which images are made changes so much that old ones must not be taken for new ones."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(.*)", re.DOTALL)


def key_inputs(recipe: Recipe) -> Pairs:
    """Every input of the key as name and text; lists are JSON."""
    match recipe:
        case UseImage():
            return (("epoch", EPOCH), ("base", recipe.base), ("installer", "none"))
        case UvInstall():
            return (
                ("epoch", EPOCH),
                ("base", recipe.base),
                ("installer", "uv"),
                ("installer image", recipe.installer_image),
                ("python", recipe.python or ""),
                ("requirements", canonical_json(normal_requirements(recipe.requirements))),
            )
        case MambaInstall():
            return (
                ("epoch", EPOCH),
                ("base", recipe.base),
                ("installer", "micromamba"),
                ("installer image", recipe.installer_image),
                ("python", recipe.python or ""),
                ("channels", canonical_json(recipe.channels)),
                ("conda packages", canonical_json(normal_requirements(recipe.conda))),
                ("requirements", canonical_json(normal_requirements(recipe.pip))),
            )
        case BuildDockerfile():
            return (
                ("epoch", EPOCH),
                ("installer", "Dockerfile"),
                ("dockerfile", recipe.dockerfile),
                ("build context", recipe.digest),
            )


def normal_requirements(lines: tuple[str, ...]) -> list[str]:
    """Lines without comments and repeats: options in their order, then packages sorted, their names normalised."""
    clean = [re.sub(r"(^|\s)#.*", "", line).strip() for line in lines]
    options = [" ".join(line.split()) for line in clean if line.startswith("-")]
    packages = {_normal(line) for line in clean if line and not line.startswith("-")}
    return list(dict.fromkeys(options)) + sorted(packages)


def _normal(line: str) -> str:
    match = _REQUIREMENT.fullmatch(line)
    if match is None:
        return " ".join(line.split())
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    rest, semicolon, marker = match[2].partition(";")
    if "@" in rest or "::" in rest:
        return " ".join(line.split())
    spaced = re.sub(r"\s*([<>=!~,\[\]]+)\s*", r"\1", " ".join(rest.split()))
    condition = f" ; {' '.join(marker.split())}" if semicolon else ""
    return f"{name}{spaced}{condition}"
