"""Remembers texts that take long to make and depend on their inputs only, in the folder of the cache."""

from collections.abc import Callable

from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, write_atomically


def recalled(kind: str, key: str, make: Callable[[], str]) -> str:
    """What ``make`` gave for ``key`` (a digest of everything that it depends on) before, else what it gives now.

    A cache that cannot be read or written only costs time; so does a file in it that is not what was written.
    """
    place = cache_root() / kind / key[:2] / key
    try:
        # Bytes: what was written is what counts, without a system's own ends of lines.
        digest, _, kept = place.read_bytes().decode("utf-8").partition("\n")
    except (OSError, ValueError):
        digest, kept = "", ""
    if digest and digest == digest_bytes(kept.encode()):
        return kept
    text = make()
    try:
        write_atomically(place, f"{digest_bytes(text.encode())}\n{text}")
    except OSError:
        return text
    return text
