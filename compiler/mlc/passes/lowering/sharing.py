"""Sets that overlap as chains with common beginnings: what several environments have is installed once for all of them.

An image is a pile of layers, and two images share a layer only if they share all below it. So what can be shared is a
tree: groups of environments that are nested or apart. Which groups, is decided by the bytes that each would save, the
most first; a group that overlaps with a chosen one is cut at its edge. The time grows with packages times depth.
"""

from collections.abc import Hashable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

DEPTH = 12
"""Parts of a chain that are shared at most: an image cannot have more than 127 layers, the base image's included."""

K = TypeVar("K", bound=Hashable)


def chains(sets: Sequence[frozenset[K]], weights: Mapping[K, int]) -> list[list[frozenset[K]]]:
    """For each set its parts, in the order in which they are installed; equal beginnings are those that are shared.

    Each member is in exactly one part. ``weights`` are positive; the same sets in the same order give the same chains.
    """
    owners: dict[K, int] = {}
    for index, members in enumerate(sets):
        for member in members:
            owners[member] = owners.get(member, 0) | 1 << index
    groups: dict[int, int] = {}
    for member, mask in owners.items():
        groups[mask] = groups.get(mask, 0) + weights[member]
    nested = sorted(_nested(groups), key=int.bit_count, reverse=True)
    return [_chain(members, 1 << index, nested, owners) for index, members in enumerate(sets)]


def _nested(groups: Mapping[int, int]) -> list[int]:
    """Groups (a bit per set) of which any two are nested or apart, chosen by what they save."""
    waiting = [_candidate(mask, weight) for mask, weight in groups.items() if mask.bit_count() > 1]
    heapify(waiting)
    kept: list[int] = []
    while waiting:
        *_, mask, weight = heappop(waiting)
        crossing = next((other for other in kept if mask & other and (mask & other) not in (mask, other)), None)
        if crossing is None:
            kept += [mask] * (mask not in kept)
            continue
        for part in (mask & crossing, mask & ~crossing):
            if part.bit_count() > 1:
                heappush(waiting, _candidate(part, weight))
    return kept


def _candidate(mask: int, weight: int) -> tuple[int, int, int, int]:
    """Sorts by what is saved, then larger groups first: what is nested in them stays possible."""
    size = mask.bit_count()
    return -(size - 1) * weight, -size, mask, weight


def _chain(members: frozenset[K], own: int, nested: list[int], owners: Mapping[K, int]) -> list[frozenset[K]]:
    left: Any = set(members)
    found = []
    for group in [*[mask for mask in nested if mask & own][:DEPTH], own]:
        part = frozenset(member for member in left if owners[member] & group == group)
        if part:
            found.append(part)
            left -= part
    return found
