"""Why an image has to be built: what goes into its key now, compared with what was last built here."""

import json
from pathlib import Path

from mlc.images.cache import cache_root, write_atomically
from mlc.ir.plan import Image, Plan
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """``reuse``: the image is there. ``because``: a sentence per field that changed, or one that says why."""

    image: str
    reference: str
    reuse: bool
    because: tuple[str, ...]


def explain(plan: Plan, image: Image, *, present: bool | None) -> Explanation:
    """Why ``image`` is reused or built; ``present``: whether the engine has it, None where no engine was asked."""
    changes = () if present else _changes(_load(_place(plan, image)), image)
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


def remember(plan: Plan, image: Image) -> None:
    """Keep what ``image`` was built from, for the next :func:`explain`."""
    built = {"reference": image.reference, "key": image.key, "key_inputs": dict(image.key_inputs)}
    write_atomically(_place(plan, image), json.dumps(built, indent=1, ensure_ascii=False) + "\n")


def _changes(before: dict[str, object], image: Image) -> tuple[str, ...]:
    """What differs from the ``before`` that was remembered; nothing if the image would be the same."""
    old, new = before.get("key_inputs"), dict(image.key_inputs)
    if not isinstance(old, dict):
        return ("it was never built here",)
    fields = [*new, *(name for name in old if name not in new)]
    changed = tuple(_change(name, old.get(name), new.get(name)) for name in fields if old.get(name) != new.get(name))
    if changed:
        return changed
    if before.get("reference") != image.reference:
        return ("the code of its components, or mlc's launcher, changed; what is installed did not",)
    return ()


def _change(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{name} is new: {_short(new)}"
    if new is None:
        return f"{name} is gone: {_short(old)}"
    if "\n" in old or "\n" in new:
        gone = [line for line in old.splitlines() if line not in new.splitlines()]
        come = [line for line in new.splitlines() if line not in old.splitlines()]
        return f"{name}: {', '.join([f'-{line}' for line in gone] + [f'+{line}' for line in come]) or 'order of lines'}"
    return f"{name} was {_short(old)}, is {_short(new)}"


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= 60 else f"{line[:57]}..."


def _place(plan: Plan, image: Image) -> Path:
    return cache_root() / "built" / plan.name / f"{image.name}.json"


def _load(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
