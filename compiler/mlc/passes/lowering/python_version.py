"""The Python that an environment asks for, and the default base image that has it."""

import re

_EXACT = re.compile(r"[23](\.[0-9]{1,2}){0,2}", re.ASCII)
_RANGE = re.compile(r"(?:[<>!=~]=?|===)[0-9][0-9.]*(?:\.\*)?", re.ASCII)
_TAGGED = re.compile(r"(?P<name>.*(?:^|/)python:)(?P<version>3\.[0-9]+)(?:\.[0-9]+)?(?P<rest>.*)")


def normal_python(asked: str) -> str | None:
    """``3.8``, ``3.8.5`` or a range without blanks (``>=3.9,<3.12``); None: not understood."""
    text = asked.replace(" ", "")
    plain = text.lstrip("=").removesuffix("*").removesuffix(".")
    if _EXACT.fullmatch(plain):
        return plain
    parts = [part.removesuffix(".*") if part[:1] in {"<", ">"} else part for part in text.split(",")]
    return ",".join(parts) if all(_RANGE.fullmatch(part) for part in parts) else None


def base_with(default: str, python: str | None) -> str:
    """mlc's default base, its version replaced by the asked minor version where the image is a ``python:3.x``."""
    match = _TAGGED.fullmatch(default)
    if python is None or match is None:
        return default
    wanted = _minor(python, match["version"])
    return default if wanted is None else f"{match['name']}{wanted}{match['rest']}"


def _minor(python: str, default: str) -> str | None:
    """The minor version to take for ``python``: its own, or for a range the default if that fits, else the lowest."""
    if _EXACT.fullmatch(python):
        parts = python.split(".")
        return ".".join(parts[:2]) if len(parts) > 1 else None
    relations = re.findall(r"([<>!=~]+)([0-9]+)\.([0-9]+)", python)
    lowest = max((int(minor) for relation, _, minor in relations if relation in {">=", ">", "==", "~="}), default=None)
    here = int(default.split(".")[1])
    above = [int(minor) for relation, _, minor in relations if relation == "<"]
    fits = (lowest is None or here >= lowest) and all(here < minor for minor in above)
    exact = any(relation in {"==", "~="} for relation, _, _ in relations)
    return None if lowest is None or (fits and not exact) else f"3.{lowest}"
