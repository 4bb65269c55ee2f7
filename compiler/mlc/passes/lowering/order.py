"""An order in which every job comes after those it needs, as near to the author's as that allows."""

import heapq
from collections.abc import Iterable, Mapping


def ordered(names: Iterable[str], needs: Mapping[str, Iterable[str]]) -> list[str]:
    """``names`` sorted topologically; of those that could come next, the first in the given order does."""
    place = {name: index for index, name in enumerate(names)}
    left = {name: {need for need in needs.get(name, ()) if need in place} for name in place}
    users: dict[str, list[str]] = {name: [] for name in place}
    for name, wanted in left.items():
        for need in wanted:
            users[need].append(name)
    ready = [place[name] for name, wanted in left.items() if not wanted]
    heapq.heapify(ready)
    listed, found = list(place), []
    while ready:
        name = listed[heapq.heappop(ready)]
        found.append(name)
        for user in users[name]:
            left[user].discard(name)
            if not left[user]:
                heapq.heappush(ready, place[user])
    return found
