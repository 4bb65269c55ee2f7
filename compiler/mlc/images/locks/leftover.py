"""Lock files that no environment of a pipeline has any more: it was renamed, or is gone."""

from pathlib import Path
from typing import TYPE_CHECKING

from mlc.images.locks.standing import lock_path
from mlc.images.locks.text import TITLE

if TYPE_CHECKING:
    from mlc.ir.plan import Plan


def leftover(folder: Path, plan: "Plan") -> tuple[Path, ...]:
    """Those of ``plan`` below the source's ``folder``, sorted, for its platform; files of other origin are not ours.

    They are named and not removed: a second pipeline of the same name may lie in the same folder.
    """
    used = {lock_path(folder, plan, image) for image in plan.images}
    places = {path.parent for path in used}
    ending = f".{plan.platform.replace('/', '-')}.txt"
    found = {path for place in places for path in place.glob(f"*{ending}")}
    return tuple(path for path in sorted(found - used) if _is_lock(path))


def _is_lock(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(TITLE)) == TITLE.encode()
    except OSError:
        return False
