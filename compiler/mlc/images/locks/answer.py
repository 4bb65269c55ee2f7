"""From a request to the content of a lock file: resolved, compared with the lock that was there, numbered."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mlc.images.locks.reasons import ResolveError, Trouble
from mlc.images.locks.request import Request, asked_fields
from mlc.images.locks.text import LockFile
from mlc.images.locks.torch import CPU, FAMILY, relevant, without_gpu
from mlc.images.locks.uv import Update, resolve
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.config import Config

P = TypeVar("P", LockedPackage, LockedCondaPackage)

MOST = 8
"""So many updates are told apart; with one more, all packages are of the beginning again."""
_SAME_GROUND = ("platform", "c library", "python", "torch", "index-url", "extra-index-url", "find-links")
"""What all layers depend on: with another one, everything is installed anew anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The new content, and what is to be said besides: PyTorch's index that was not reached, or ''."""

    file: LockFile
    unreached: str = ""


def answer(
    request: Request,
    before: LockFile | None,
    update: Update,
    config: "Config",
    extra: Mapping[str, str],
    conda: tuple[LockedCondaPackage, ...] = (),
) -> Answered:
    """What ``request`` resolves to, keeping of ``before`` what may stay; :class:`ResolveError` if to nothing.

    ``conda``: what conda installs, as it was chosen already.
    """
    from mlc.config.network import UnsetVariableError, network_environment

    try:
        variables = network_environment(config.network, os.environ) | dict(extra)
    except UnsetVariableError as problem:
        why = f"The settings of the network name the variable {problem}, which is not set"
        raise ResolveError(Trouble.OTHER, why) from None
    kept = before.lock.pip if before else ()
    index = ""
    if before is not None and before.lock.indexes and request.torch and not update.everything:
        index = _torch_index(request, config)
    found = resolve(request, kept, update, variables, (index,) if index else ()) if request.wants_pip else ()
    unreached = ""
    if not index and request.torch and any(package.name in FAMILY for package in found):
        found, index, unreached = _with_torch(request, found, config, variables)
    if request.torch == CPU:
        found = without_gpu(found)
    python = request.python if request.conda is None else ""
    lock = Lock(pip=found, conda=conda, python=python or "", indexes=(index,) if index else ())
    asked = relevant(asked_fields(request), lock)
    notes = (("from-index", index),) if index else ()
    return Answered(file=LockFile(asked=asked, lock=numbered(lock, before, asked), notes=notes), unreached=unreached)


def numbered(lock: Lock, before: LockFile | None, asked: tuple[tuple[str, str], ...]) -> Lock:
    """``lock`` with the number of the update that brought each package; ``before`` is the lock that was there."""
    if before is None or _ground(before.asked) != _ground(asked):
        return lock
    there: tuple[LockedPackage | LockedCondaPackage, ...] = (*before.lock.pip, *before.lock.conda)
    known = {_kind_and_name(package): package.generation for package in there}
    latest = max(known.values(), default=0) + 1
    now: tuple[LockedPackage | LockedCondaPackage, ...] = (*lock.pip, *lock.conda)
    if latest > MOST and any(_kind_and_name(package) not in known for package in now):
        return lock

    def told(package: P) -> P:
        return replace(package, generation=known.get(_kind_and_name(package), latest))

    return replace(lock, pip=tuple(map(told, lock.pip)), conda=tuple(map(told, lock.conda)))


def _kind_and_name(package: LockedPackage | LockedCondaPackage) -> tuple[bool, str]:
    return isinstance(package, LockedPackage), package.name


def _ground(asked: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [field for field in asked if field[0] in _SAME_GROUND]


def _torch_index(request: Request, config: "Config") -> str:
    from mlc.config.network import PYTORCH

    return f"{(config.network.pytorch_index or PYTORCH).rstrip('/')}/{request.torch}"


def _with_torch(
    request: Request, found: tuple[LockedPackage, ...], config: "Config", variables: Mapping[str, str]
) -> tuple[tuple[LockedPackage, ...], str, str]:
    """The answer with PyTorch's own index, and that; where it cannot be reached ``found``, and that index as last."""
    index = _torch_index(request, config)
    rest = tuple(package for package in found if package.name not in FAMILY and not package.name.startswith("nvidia-"))
    quick = {"UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "1"}
    try:
        return resolve(request, rest, Update(), {**variables, **quick}, (index,)), index, ""
    except ResolveError as problem:
        if problem.trouble is Trouble.UNSATISFIABLE:
            raise
        return found, "", index
