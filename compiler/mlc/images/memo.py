"""Remembers texts that take long to make and depend on their inputs only, in the folder of the cache."""

from collections.abc import Callable

from mlc.images.cache import cache_root, write_atomically


def recalled(kind: str, key: str, make: Callable[[], str]) -> str:
    """What ``make`` gave for ``key`` (a digest of everything that it depends on) before, else what it gives now.

    A cache that cannot be read or written only costs time.
    """
    place = cache_root() / kind / key[:2] / key
    try:
        return place.read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = make()
    try:
        write_atomically(place, text)
    except OSError:
        return text
    return text
