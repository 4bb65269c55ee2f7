"""Locks on the command line: ``--locked``, ``--no-lock``, and where a command's locks come from."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlc.cli import console
from mlc.passes.context import Locks, NoLocks
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.diagnostics import Bag
    from mlc.images.locks import Outcome, Update

F = TypeVar("F", bound=Callable[..., Any])


class Mode(StrEnum):
    """What a command does with locks."""

    NONE = "none"
    """Nothing is read or made."""
    READ = "read"
    """Fresh ones are used; the network is not touched."""
    INSIST = "insist"
    """The same, but a missing or stale one is an error."""
    MAKE = "make"
    """Missing and stale ones are resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locking:
    """The mode, and for ``mlc lock`` what may change of locks that are there."""

    mode: Mode = Mode.READ
    update: "Update | None" = None
    renew: bool = False
    aloud: bool = True
    """Whether a line is said about each lock that is made."""

    def locks(self, folder: Path, config: "Config", bag: "Bag") -> Locks:
        """Where locks come from, for a source in ``folder``."""
        if self.mode is Mode.NONE:
            return NoLocks()
        from mlc.images import locks

        if self.mode is Mode.MAKE:
            told = _say if self.aloud else None
            bases = locks.BaseDigests(config.network)
            return locks.MakeLocks(folder, config, bag, told=told, update=self.update, renew=self.renew, bases=bases)
        return locks.ReadLocks(folder, config, bag, insist=self.mode is Mode.INSIST)


def options(command: F) -> F:
    """``--locked`` and ``--no-lock``; the command gets ``locked`` and ``no_lock``, see :func:`asked`."""
    for decorate in (
        click.option("--no-lock", is_flag=True, help="Read and make no locks.  [env: MLC_NO_LOCK]"),
        click.option("--locked", is_flag=True, help="Fail where the lock of an environment is missing or stale."),
    ):
        command = decorate(command)
    return command


def asked(given: dict[str, Any], *, make: bool = False) -> dict[str, Any]:
    """``given`` with ``locking`` in the place of the two options; ``make``: the command may resolve."""
    import os

    locked, no_lock = given.pop("locked"), given.pop("no_lock")
    if locked and no_lock:
        raise click.UsageError("--locked and --no-lock exclude each other.")
    if no_lock or (not locked and os.environ.get("MLC_NO_LOCK", "") not in ("", "0")):
        mode = Mode.NONE
    else:
        mode = Mode.INSIST if locked else Mode.MAKE if make else Mode.READ
    return {**given, "locking": Locking(mode=mode)}


def _say(outcome: "Outcome") -> None:
    from mlc.images.locks.telling import line

    verb = "updated" if outcome.before is not None else "made"
    console.note(console.printable(f"lock {verb}: {line(outcome)}"))
