"""For what packages are resolved: the Python of an environment and the C library of its base image.

Both are read off names, so that a lock does not depend on the machine that makes it. A tag of an official image says
its Python and its Debian, Azure Machine Learning's images say their Ubuntu.
"""

import re

LOWEST, HIGHEST = 7, 14
"""Minor versions of Python 3 that a range is looked for in."""
DEFAULT = 11
"""The minor version for a range that allows it, where the base image does not say which one it has."""

_PYTHON_IMAGE = re.compile(r"(?:^|/)python:(3\.\d+(?:\.\d+)?)")
_RELATION = re.compile(r"(===|[<>=!~]=?)([0-9]+(?:\.[0-9]+)*)(\.\*)?")
_C_LIBRARIES = (
    (re.compile(r"alpine|musllinux"), "musl"),
    (re.compile(r"ubuntu[-:]?16\.04|ubuntu[-:]?18\.04|stretch|manylinux2014|centos-?7"), "manylinux_2_17"),
    (re.compile(r"ubuntu[-:]?20\.04|bullseye|focal"), "manylinux_2_31"),
    (re.compile(r"ubuntu[-:]?22\.04|jammy"), "manylinux_2_35"),
    (re.compile(r"bookworm"), "manylinux_2_36"),
    (re.compile(r"ubuntu[-:]?24\.04|noble|trixie"), "manylinux_2_39"),
)
"""What a base image's name says about the wheels it can load; the first that matches."""
_USUAL = "manylinux_2_28"
"""Older than the C library of every Debian and Ubuntu that is still cared for."""
_MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}


def python_for(asked: str | None, base: str) -> str | None:
    """The one Python to resolve for: the asked version; of a range, or where none is asked, the base image's own.

    Of a range that the base image does not fit: 3.11 if that is allowed, else the newest that is. None: the base image
    does not say which Python it has, and none is asked.
    """
    found = _PYTHON_IMAGE.search(base)
    own = found[1] if found else None
    if asked is None:
        return own
    if asked[0].isdigit():
        return asked if "." in asked else _of_range(f">={asked}", own)
    return _of_range(asked, own)


def c_library(base: str) -> str:
    """``musl``, or the newest kind of manylinux wheel that ``base`` loads, as far as its name says."""
    return next((kind for pattern, kind in _C_LIBRARIES if pattern.search(base.lower())), _USUAL)


def uv_platform(platform: str, library: str) -> str:
    """uv's word for what is resolved for: ``x86_64-manylinux_2_28``."""
    machine = _MACHINES.get(platform, "x86_64")
    return f"{machine}-unknown-linux-musl" if library == "musl" else f"{machine}-{library}"


def _of_range(asked: str, own: str | None) -> str | None:
    if own is not None and _allowed(asked, own):
        return own
    fitting = [f"3.{minor}" for minor in range(LOWEST, HIGHEST + 1) if _allowed(asked, f"3.{minor}")]
    default = f"3.{DEFAULT}"
    return default if default in fitting else fitting[-1] if fitting else None


def _allowed(asked: str, version: str) -> bool:
    """Whether a minor version (or a full one) has releases in a range; that of a missing part is not looked at."""
    return all(_fits(found, version) for found in _RELATION.findall(asked))


def _fits(found: tuple[str, str, str], version: str) -> bool:
    relation, bound, star = found
    parts = [int(part) for part in bound.split(".")]
    have = [int(part) for part in version.split(".")]
    width = min(len(parts), len(have))
    here, there = have[:width], parts[:width]
    match relation:
        case ">=":
            return here >= there
        case "<=":
            return here <= there
        case ">":
            return here > there or (here == there and len(parts) > len(have))
        case "<":
            return here < there or (here == there and len(parts) > len(have) and any(parts[width:]))
        case "!=":
            return here != there or (len(parts) > len(have) and not star)
        case "~=":
            prefix = parts[:-1][: len(have)]
            return have[: len(prefix)] == prefix and here >= there
        case _:
            return here == there
