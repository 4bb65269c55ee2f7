"""What is asked for an environment: everything that decides which packages are taken, besides what indexes hold.

It stands in the head of a lock file, without credentials, so that a lock knows what it answers.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlc.files import File
from mlc.images.locks.conda_question import CondaQuestion, conda_fields, conda_question
from mlc.images.locks.target import c_library, python_for
from mlc.images.locks.torch import TORCH, torch_of
from mlc.ir.image import MambaInstall, UvInstall
from mlc.ir.local import constraints_of, moved
from mlc.ir.plan import Role
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.ir.image import Image
    from mlc.ir.plan import Plan

Fields = tuple[tuple[str, str], ...]

_USER = re.compile(r"(?<=://)[^/@\s]*@")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_OPTION = re.compile(r"(-{1,2}[A-Za-z-]+)(?:\s+|=|$)(.*)", re.DOTALL)
_LONG = {"-i": "--index-url", "-f": "--find-links", "-e": "--editable", "-c": "--constraint", "-r": "--requirement"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The question of one environment."""

    environment: str
    platform: str
    base: str
    library: str
    """The C library of the base image (see :func:`~mlc.images.locks.target.c_library`)."""
    python: str | None
    """None: not known (pip), or to be decided with the other conda packages."""
    requirements: tuple[str, ...]
    """Lines of pip, options included, in the author's order."""
    torch: str = ""
    """The kind of PyTorch's builds that is wanted: ``cpu``, ``cu126``; '': what the index has."""
    constraints: tuple[str, ...] = ()
    """Versions that hold for what is taken anyway; they ask for nothing."""
    limits: tuple[str, ...] = ()
    """Constraints of the author's files (``-c``)."""
    local: tuple[tuple[str, File], ...] = ()
    """Files that ``requirements`` name, by path in the bundle (:mod:`mlc.ir.local`)."""
    left_out: frozenset[str] = frozenset()
    """Normal names of packages that are there already, and so are no part of the answer."""
    conda: CondaQuestion | None = None
    """What is asked of conda first; its packages decide on ``python``, ``constraints`` and ``left_out`` then."""

    @property
    def wants_pip(self) -> bool:
        """Whether any package is pip's."""
        return any(not line.startswith("-") for line in self.requirements)


def request_of(plan: "Plan", image: "Image", config: "Config") -> Request | None:
    """What is asked for ``image``; None where there is nothing to resolve (or it is mlc's own and has its pins)."""
    recipe = image.recipe
    if not isinstance(recipe, UvInstall | MambaInstall) or is_ours(plan, image):
        return None
    conda, python = None, None
    if isinstance(recipe, MambaInstall):
        lines, conda = recipe.pip, conda_question(plan, image, recipe)
    else:
        lines, python = recipe.requirements, python_for(recipe.python, recipe.base)
    files = dict(recipe.local)
    limits = {line: found for line in lines if (found := constraints_of(line, files)) is not None}
    request = Request(
        environment=image.name,
        platform=plan.platform,
        base=recipe.base,
        library=c_library(recipe.base),
        python=python,
        requirements=tuple(
            line for line in map(without_comment, filter(lambda line: line not in limits, lines)) if line
        ),
        limits=tuple(dict.fromkeys(limit for found in limits.values() for limit in found)),
        local=recipe.local,
        torch=torch_of(plan, image, config),
        conda=conda,
    )
    return request if request.wants_pip or conda is not None else None


def is_ours(plan: "Plan", image: "Image") -> bool:
    """Whether only steps of mlc's own run in ``image``."""
    roles = {task.role for task in plan.tasks if task.image == image.name}
    return bool(roles) and Role.STEP not in roles


def asked_fields(request: Request) -> Fields:
    """The head of a lock file that answers ``request``; order of packages, blanks and repeats do not count."""
    lines = [moved(line, ".") for line in request.requirements]
    options = [line for line in lines if line.startswith("-")]
    packages = {normal(line) for line in lines if not line.startswith("-")}
    target = (("platform", request.platform), ("c library", request.library))
    torch = ((TORCH, request.torch),) if request.torch else ()
    if request.conda is not None:  # Its packages decide on the rest.
        ground: Fields = conda_fields(request.conda)
    else:
        ground = (("python", request.python or ""), *(("constraint", normal(line)) for line in request.constraints))
    # In an order that is the same for all: the target first.
    python, others = ground[:1], ground[1:]
    return (
        *target,
        *python,
        *torch,
        *others,
        *(("constraint", normal(line)) for line in sorted(request.limits)),
        *dict.fromkeys(_option(line) for line in options),
        *(("requirement", line) for line in sorted(packages)),
    )


def changes(before: Fields, now: Fields) -> tuple[str, ...]:
    """What is asked now and was not, and the other way round, a clause each: ``requirement seaborn is new``."""
    old, new = _by_name(before), _by_name(now)
    found = []
    for key in (*old, *(key for key in new if key not in old)):
        label = f"{key[0]} {key[1]}".strip()
        was, has = old.get(key), new.get(key)
        if was == has:
            continue
        if was is None:
            found.append(f"{label} is new" if key[1] else f"{label} is {has}")
        elif has is None:
            found.append(f"{label} is gone" if key[1] else f"{label} {was} is gone")
        else:
            found.append(f"{label} was {_rest(was, key[1])}, is {_rest(has, key[1])}")
    return tuple(found)


def package_name(line: str) -> str | None:
    """The normal name of the package that a requirement asks for; None for options and bare addresses."""
    if line.lstrip().startswith(("-", ".", "/")) or re.match(r"\s*[a-z+]+://", line):
        return None
    found = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else None


def without_comment(line: str) -> str:
    """A line of pip as it counts."""
    return re.sub(r"(^|\s)#.*", "", line).strip()


def without_user(text: str) -> str:
    """``https://name:secret@host/simple`` -> ``https://host/simple``."""
    return _USER.sub("", text)


def normal(line: str) -> str:
    """A requirement with a normal name and no blanks around relations; its marker with single ones."""
    name = package_name(line)
    text = without_user(" ".join(line.split()))
    if name is None or "@" in text.partition(";")[0]:
        return text
    found = _NAME.match(text)
    rest, semicolon, marker = text[found.end() if found else 0 :].partition(";")
    tight = re.sub(r"\s*([<>=!~,\[\]()]+)\s*", r"\1", rest).strip()
    return f"{name}{tight}{f' ; {marker.strip()}' if semicolon else ''}"


def _option(line: str) -> tuple[str, str]:
    """An option as a field: ``("extra-index-url", "https://...")``."""
    found = _OPTION.match(line)
    if found is None:
        return "option", without_user(line)
    name = _LONG.get(found[1], found[1])
    return name.lstrip("-").lower(), without_user(" ".join(found[2].split()))


def _by_name(fields: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Values by field, and for fields that can be there often by what they are about."""
    found: dict[tuple[str, str], str] = {}
    for name, value in fields:
        if name in ("platform", "python", "c library", TORCH):
            found[name, ""] = value
        elif name in ("requirement", "conda", "constraint"):
            about = package_name(value) or value
            line = _in_order(value)
            # A package can be asked for twice, as for two Pythons: all its lines count.
            found[name, about] = f"{found[name, about]} and {_rest(line, about)}" if (name, about) in found else line
        elif name == "assumed":
            found[name, value.partition(" ")[0]] = value
        else:
            found[name, value] = value
    return found


def _in_order(line: str) -> str:
    """A requirement with its relations in one order: ``a<3,>=2`` for ``a>=2,<3``."""
    relations = re.match(r"([^<>=!~;@]*)([<>=!~][^;@]*?)(\s*(?:;.*)?)$", line)
    if relations is None:
        return line
    return f"{relations[1]}{','.join(sorted(relations[2].split(',')))}{relations[3]}"


def _rest(value: str, about: str) -> str:
    """What a requirement says behind its package's name."""
    return value.removeprefix(about).strip() or "any version"
