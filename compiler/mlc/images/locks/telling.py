"""What a new lock changes, in a line: ``train: 48 packages; tensorflow 2.20.0 -> 2.21.0, seaborn new``."""

from mlc.images.locks.standing import Outcome, State
from mlc.ir.lock import Lock

_MANY = 6


def line(outcome: Outcome) -> str:
    """One line about the lock of an environment."""
    if outcome.lock is None:
        words = {State.MISSING: "no lock", State.STALE: "stale", State.BROKEN: "cannot be read"}
        return f"{outcome.image}: {words.get(outcome.state, 'no lock')}"
    count = len(outcome.lock.pip) + len(outcome.lock.conda)
    told = f"{outcome.image}: {count} package{'' if count == 1 else 's'}"
    if not outcome.made:
        return f"{told}; nothing changed"
    if outcome.before is None:
        return f"{told}; new lock"
    changed = differences(outcome.before.lock, outcome.lock)
    if not changed:
        return f"{told}; nothing changed"
    more = f" and {len(changed) - _MANY} more" if len(changed) > _MANY else ""
    return f"{told}; {', '.join(changed[:_MANY])}{more}"


def differences(before: Lock, now: Lock) -> tuple[str, ...]:
    """``tensorflow 2.20.0 -> 2.21.0``, ``seaborn new``, ``six gone``; sorted by name, changes first."""
    old, new = _versions(before), _versions(now)
    names = sorted(old.keys() | new.keys())
    moved = [f"{name} {old[name]} -> {new[name]}" for name in names if name in old and name in new]
    moved = [text for text in moved if (parts := text.split(" "))[1] != parts[3]]
    come = [f"{name} new" for name in names if name not in old]
    gone = [f"{name} gone" for name in names if name not in new]
    return (*moved, *come, *gone)


def _versions(lock: Lock) -> dict[str, str]:
    found = {package.name: package.version for package in lock.conda}
    found |= {package.name: package.source.rpartition("@")[2] or package.version for package in lock.pip}
    return {name: version.replace(" ", "") for name, version in found.items()}
