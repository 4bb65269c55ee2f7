"""Locks as they are on the disk: nothing is resolved, the network is not touched."""

from pathlib import Path
from typing import TYPE_CHECKING

from mlc.diagnostics import Bag, Diagnostic, Span
from mlc.images.locks.standing import Outcome, Standing, State, as_it_is, standing
from mlc.ir.lock import Lock

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.ir.image import Image
    from mlc.ir.plan import Plan


class ReadLocks:
    """Fresh locks hold; of stale ones is said what changed; missing ones are no news unless they are insisted on."""

    def __init__(self, folder: Path, config: "Config", bag: Bag, *, insist: bool = False) -> None:
        """``folder`` is the source's; ``insist``: what is missing or stale is an error."""
        self._folder = folder
        self._config = config
        self._bag = bag
        self._insist = insist
        self.outcomes: tuple[Outcome, ...] = ()

    def lock_of(self, plan: "Plan", image: "Image") -> Lock | None:
        """The lock of ``image``, if it is fresh."""
        found = standing(self._folder, plan, image, self._config)
        if found.state is not State.NONE:
            self.outcomes = (*self.outcomes, as_it_is(found))
        if found.problem is not None:
            self._bag.items.append(found.problem)
        elif found.state in (State.STALE, State.MISSING):
            self._say(found)
        elif found.file is not None:
            return found.file.lock
        return None

    def _say(self, found: Standing) -> None:
        if self._insist:
            self._bag.items.append(insisted(found))
        elif found.state is State.STALE:
            what = f"The lock of environment {found.image} is stale, and is not used"
            fix = "`mlc lock` brings it up to date"
            self._bag.add("W612", Span(str(found.path)), what, why=listed(found.changed), fix=fix)


def insisted(found: Standing) -> Diagnostic:
    """The error for a lock that has to be there and is not, or is stale."""
    if found.state is State.STALE:
        what, why = f"The lock of environment {found.image} is stale", listed(found.changed)
    else:
        what, why = f"Environment {found.image} has no lock", ""
    return Diagnostic(
        "E613", Span(str(found.path)), what, why, "Run `mlc lock`, and keep the file under version control"
    )


def listed(clauses: tuple[str, ...], most: int = 4) -> str:
    """Clauses as one sentence; of many the first ones."""
    shown = "; ".join(clauses[:most])
    more = f"; and {len(clauses) - most} more" if len(clauses) > most else ""
    return f"{shown[:1].upper()}{shown[1:]}{more}"
