"""Which images a registry is known to have, and under which digest: remembered, so that a second build asks nobody.

A tag is made of what goes into the image, so what was once found under it stays true.
"""

import json
from contextlib import suppress
from pathlib import Path

from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, write_atomically
from mlc.ir.plan import Plan


def known_digests(plan: Plan) -> dict[str, str]:
    """``sha256:...`` by name of image, of those of ``plan`` that its registry is known to have."""
    if not plan.registry:
        return {}
    found = {image.name: known_digest(image.reference) for image in plan.images}
    return {name: digest for name, digest in found.items() if digest}


def known_digest(reference: str) -> str:
    """The digest of the image that the registry has under ``reference``; '' where none is known."""
    try:
        about = json.loads(_place(reference).read_text(encoding="utf-8"))
        return str(about["digest"]) if about["reference"] == reference else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def remember_digest(reference: str, digest: str) -> None:
    """The registry has it."""
    text = json.dumps({"reference": reference, "digest": digest}, indent=1) + "\n"
    with suppress(OSError):  # then the registry is asked again
        write_atomically(_place(reference), text)


def forget_digest(reference: str) -> None:
    """The engine has another image under ``reference`` than the registry, or the registry lost it."""
    with suppress(OSError):
        _place(reference).unlink()


def _place(reference: str) -> Path:
    return cache_root() / "registry" / f"{digest_bytes(reference.encode())[:24]}.json"
