"""What was used when, and by which bundle: a small file for each pair, whose time of change is the last use.

Noting a use that is known already changes that time and nothing else: a build that has nothing to do pays one call of
the system per image.
"""

import json
import os
from pathlib import Path

from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, write_atomically
from mlc.ir.image import Image
from mlc.ir.plan import Plan
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """``what``: the reference of an image, or the name of a folder of environments. ``at``: seconds since 1970."""

    what: str
    key: str
    """Of the environment, as in the plan."""
    bundle: Path
    at: float
    record: Path

    @property
    def holds(self) -> bool:
        """Whether the bundle is still there and its plan still asks for this."""
        try:
            images = json.loads((self.bundle / "plan.json").read_text(encoding="utf-8"))["images"]
            wanted = {text for image in images for text in (image["reference"], image["key"])}
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return (self.what if ":" in self.what else self.key) in wanted


def note_use(what: str, image: Image, bundle: Path) -> None:
    """Remember that ``bundle`` used ``what`` now; never fails: what cannot be noted is not worth a build."""
    name = f"{digest_bytes(what.encode())[:24]}-{digest_bytes(os.fsencode(bundle))[:12]}.json"
    record = cache_root() / "used" / name
    try:
        os.utime(record)
    except OSError:
        about = {"what": what, "key": image.key, "bundle": os.fspath(bundle)}
        try:
            write_atomically(record, json.dumps(about, indent=1) + "\n")
        except (OSError, ValueError):
            return


def note_images(plan: Plan, bundle: Path) -> None:
    """Remember that ``bundle`` used all images of ``plan`` now."""
    for image in plan.images:
        note_use(image.reference, image, bundle)


def uses() -> tuple[Use, ...]:
    """All that was noted and can still be read, the latest first."""
    found = []
    for record in sorted((cache_root() / "used").glob("*.json")):
        try:
            about = json.loads(record.read_text(encoding="utf-8"))
            what, key, bundle = str(about["what"]), str(about["key"]), Path(str(about["bundle"]))
            found.append(Use(what=what, key=key, bundle=bundle, at=record.stat().st_mtime, record=record))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(sorted(found, key=lambda use: use.at, reverse=True))
