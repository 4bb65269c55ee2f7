"""Why an image has to be built: what goes into its key now, compared with what its bundle last had.

The memory is kept by bundle: two checkouts of one pipeline have the same names, and each has a history of its own.
"""

import json
import os
from pathlib import Path

from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, write_atomically
from mlc.images.key_changes import key_changes
from mlc.ir.image import Image
from mlc.ir.plan import Plan
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """``reuse``: the image is there. ``because``: a clause per field that changed, or one that says why."""

    image: str
    reference: str
    reuse: bool
    because: tuple[str, ...]


def explain(plan: Plan, image: Image, bundle: Path, *, present: bool | None) -> Explanation:
    """Why ``image`` is reused or built; ``present``: whether the engine has it, None where no engine was asked."""
    changes = () if present else _changes(_load(_place(plan, image, bundle)), image)
    if present:
        because: tuple[str, ...] = (f"{image.reference} is there",)
    elif changes:
        because = changes
    elif present is None:
        because = ("nothing has changed since it was built; no engine was asked whether it is still there",)
    else:
        because = (f"it was built before, but {image.reference} is no longer there",)
    reuse = bool(present) or (present is None and not changes)
    return Explanation(image=image.name, reference=image.reference, reuse=reuse, because=because)


def remember(plan: Plan, image: Image, bundle: Path) -> None:
    """Keep what ``image`` was made from, for the next :func:`explain`; never fails, for it is only an explanation."""
    place = _place(plan, image, bundle)
    built = {
        "bundle": os.fspath(bundle),
        "reference": image.reference,
        "key": image.key,
        "key_inputs": dict(image.key_inputs),
    }
    if _load(place) != built:
        try:
            write_atomically(place, json.dumps(built, indent=1, ensure_ascii=False) + "\n")
        except (OSError, ValueError):
            return


def _changes(before: dict[str, object], image: Image) -> tuple[str, ...]:
    """What differs from the ``before`` that was remembered; nothing if the image would be the same."""
    old, new = before.get("key_inputs"), dict(image.key_inputs)
    if not isinstance(old, dict) or not all(isinstance(value, str) for value in old.values()):
        return ("never built here",)
    if changed := key_changes(old, new):
        return changed
    reference = str(before.get("reference"))
    if reference == image.reference:
        return ()
    tag, name = reference.rpartition(":")[2], reference.rpartition(":")[0]
    if tag == image.reference.rpartition(":")[2]:
        return (f"name: {name} -> {image.repository}; what is installed did not change",)
    return ("the code of its components, or mlc's launcher, changed; what is installed did not",)


def _place(plan: Plan, image: Image, bundle: Path) -> Path:
    whose = digest_bytes(os.fsencode(bundle.resolve()))[:8]
    return cache_root() / "built" / plan.name / f"{image.name}.{whose}.json"


def _load(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
