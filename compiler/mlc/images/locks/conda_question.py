"""What a conda solver is asked for an environment, and how that stands in the head of a lock file.

Which machine the image will run on is not known when it is locked. What is assumed of it: Linux 4.18, the C library
of the base image (as its name says, see :func:`~mlc.images.locks.target.c_library`), no special instructions of the
processor, and a driver for CUDA 12 exactly where a step reserves a GPU.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlc.images.locks.target import c_library
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.ir.image import Image, MambaInstall
    from mlc.ir.plan import Plan

SUBDIRS = {"linux/amd64": "linux-64", "linux/arm64": "linux-aarch64"}
"""Docker's platforms and conda's words for them."""

LINUX = "4.18"
CUDA = "12.8"
"""What a machine is assumed to have."""

_PROCESSOR = {"linux-64": "x86_64", "linux-aarch64": "aarch64"}
_NODEFAULTS = "nodefaults"
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@|/t/[^/\s]+(?=/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaQuestion:
    """Everything that decides which packages a solver takes, besides the channels' contents."""

    channels: tuple[str, ...]
    """Names or URLs, the first wins; they may hold credentials."""
    specs: tuple[str, ...]
    """Match specs in the author's order, Python first."""
    subdir: str
    """conda's word for the platform: ``linux-64``."""
    virtual: tuple[tuple[str, str, str], ...] = ()
    """What the solver takes for granted: name, version, build."""


def conda_question(plan: "Plan", image: "Image", recipe: "MambaInstall") -> CondaQuestion:
    """What is asked for ``image`` of ``plan``, whose recipe ``recipe`` is."""
    subdir = SUBDIRS.get(plan.platform, "linux-64")
    tasks = (task for task in plan.tasks if task.image == image.name)
    specs = conda_specs(recipe)
    return CondaQuestion(
        channels=_channels(recipe.channels, specs),
        specs=specs,
        subdir=subdir,
        virtual=_virtual(recipe.base, subdir, cuda=any(task.reservation.wants_gpu for task in tasks)),
    )


def conda_specs(recipe: "MambaInstall") -> tuple[str, ...]:
    """The match specs of a recipe, Python first; ``3.8`` means any 3.8.x, as in a conda file."""
    if not recipe.python:
        return recipe.conda
    equals = "=" if recipe.python[:1].isdigit() else ""
    return (f"python{equals}{recipe.python}", *recipe.conda)


def conda_fields(question: CondaQuestion) -> tuple[tuple[str, str], ...]:
    """The question as the lines of a lock file's head: what, and its value; no credentials.

    The C library is not among them, as every lock file names it.
    """
    return (
        *(("channel", without_credentials(channel)) for channel in question.channels),
        *(("conda", spec) for spec in sorted(map(_normal, question.specs))),
        *(("assumed", f"{name} {version}") for name, version, _ in question.virtual if name != "__glibc"),
    )


def without_credentials(url: str) -> str:
    """``https://user:secret@host/t/TOKEN/name`` -> ``https://host/name``."""
    return _CREDENTIALS.sub("", url)


def spec_name(spec: str) -> str:
    """The package that a match spec is about, in lower case: ``pytorch::pytorch=2`` -> ``pytorch``."""
    return re.split(r"[\s=<>!~\[]", spec.rpartition("::")[2].strip(), maxsplit=1)[0].lower()


def spec_channel(spec: str) -> str:
    """The channel in front of ``::``, without a subfolder; '' if there is none."""
    channel = spec.rpartition("::")[0].strip()
    head, slash, last = channel.rpartition("/")
    return head if slash and last in (*SUBDIRS.values(), "noarch") else channel


def _channels(named: Iterable[str], specs: Iterable[str]) -> tuple[str, ...]:
    """In order, once each: those of the file, then those that only a package names. ``nodefaults`` is a remark."""
    wanted = [*named, *(channel for spec in specs if (channel := spec_channel(spec)))]
    found = [channel for channel in wanted if channel != _NODEFAULTS]
    return tuple(dict.fromkeys(found)) or ("conda-forge",)


def _virtual(base: str, subdir: str, *, cuda: bool) -> tuple[tuple[str, str, str], ...]:
    library = c_library(base)
    glibc = library.removeprefix("manylinux_").replace("_", ".")
    return (
        ("__archspec", "1", _PROCESSOR.get(subdir, "x86_64")),
        *([("__cuda", CUDA, "0")] if cuda else []),
        *([("__glibc", glibc, "0")] if library != "musl" else []),
        ("__linux", LINUX, "0"),
        ("__unix", "0", "0"),
    )


def _normal(spec: str) -> str:
    """One blank at most where there are several, none around relations: blanks are no change."""
    return re.sub(r"\s*([<>=!~,|]+)\s*", r"\1", " ".join(spec.split()))
