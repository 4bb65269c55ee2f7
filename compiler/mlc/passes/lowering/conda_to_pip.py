"""Conda match specs -> pip requirements: ``numpy=1.21`` -> ``numpy==1.21.*``."""

import re

from mlc.ir.conda_names import LEFT_OUT, NOT_PYTHON, PYPI_NAMES
from mlc.records import dataclass

_SPEC = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9_.\-]*)\s*(.*)", re.DOTALL)
_RELATION = re.compile(r"(?:[<>!]=?|==|~=)\s*[A-Za-z0-9_.!+\-]+(?:\.\*)?", re.ASCII)
_VERSION = re.compile(r"[0-9A-Za-z_.!+\-]+(\*)?", re.ASCII)
_BRACKET = re.compile(r"(.*?)\[(.*)\]\s*", re.DOTALL)
_KEYED = re.compile(r"\s*version\s*=\s*(['\"]?)(.*?)\1\s*(?:,\s*build\s*=.*)?", re.DOTALL)


class UntranslatableError(ValueError):
    """Nothing of pip's means the same; the text says why. ``missing``: PyPI has no such package."""

    def __init__(self, why: str, *, missing: bool = False) -> None:
        super().__init__(why)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Translated:
    """A requirement for pip, '' if the package is left out; ``renamed``: PyPI's name is another one."""

    text: str
    name: str
    renamed: bool = False


def translate(spec: str) -> Translated:
    """One conda match spec for pip; raises :class:`UntranslatableError`. Build strings are dropped."""
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        raise UntranslatableError("It is no conda package")
    name, rest = match[1], match[2].strip()
    plain = re.sub(r"[-_.]+", "-", name).lower()
    if plain in LEFT_OUT:
        return Translated("", name)
    if plain in NOT_PYTHON or plain.startswith("r-"):
        raise UntranslatableError("It is not a Python package, and PyPI does not have it", missing=True)
    pypi = PYPI_NAMES.get(plain, name)
    return Translated(pypi + _version(rest), name, renamed=pypi.lower() != name.lower())


def _version(rest: str) -> str:
    """``=1.21`` -> ``==1.21.*``, ``1.21`` -> ``==1.21``, ranges as they are."""
    bracket = _BRACKET.fullmatch(rest)
    if bracket:
        keyed = _KEYED.fullmatch(bracket[2])
        if keyed is None:
            raise UntranslatableError("Its [...] chooses something that pip does not know")
        rest = bracket[1].strip() or keyed[2].strip()
        if rest and rest[0].isdigit() and not bracket[1].strip():
            return _exact(rest)
    if not rest.strip("=* "):
        return ""
    if "|" in rest:
        raise UntranslatableError("pip has no 'or' between versions")
    parts = [part.strip() for part in rest.split(",")]
    if len(parts) > 1 or _RELATION.fullmatch(parts[0]):
        return ",".join(_relation(part) for part in parts)
    if rest.startswith("="):
        return _fuzzy(rest)
    return _exact(rest.split()[0])


def _relation(text: str) -> str:
    if re.fullmatch(r"=[^=].*", text):
        return _fuzzy(text)
    if text[:1].isdigit():
        return _exact(text)
    if not _RELATION.fullmatch(text):
        raise UntranslatableError(f"{text!r} is no version")
    relation = re.sub(r"\s+", "", text)
    return relation.removesuffix(".*") if relation[0] in "<>" else relation


def _fuzzy(text: str) -> str:
    """``=1.21`` and ``=1.21=build``: any version that begins so. ``==1.21=build`` is exact."""
    exact = text.startswith("==")
    words = text.lstrip("=").replace("=", " ").split()
    if not words or not _VERSION.fullmatch(words[0]):
        raise UntranslatableError(f"{text!r} is no version")
    version = words[0].removesuffix("*").removesuffix(".")
    return f"=={version}" if exact and not words[0].endswith("*") else f"=={version}.*"


def _exact(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise UntranslatableError(f"{text!r} is no version")
    return f"=={text.removesuffix('*').removesuffix('.')}.*" if text.endswith("*") else f"=={text}"
