"""Code snapshots: which files of a folder a step gets (azureml.md A1.3).

Symlinks are followed, empty folders vanish, ``__pycache__`` is left out, and so is what the ignore file of the root
names. A bundle of ours below the folder is left out as well, or each build would hold the one before.
"""

from collections.abc import Sequence
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.frontend.collected import Collected
from mlc.frontend.ignore import Rules, root_rules
from mlc.frontend.includes import Include, add_includes
from mlc.frontend.text import nearest_file, shown
from mlc.ir.component import Code

Files = tuple[tuple[str, File], ...]


def snapshot(
    path: Path | None, bag: Bag, span: Span, includes: Sequence[Include] = (), *, called: str = "Code"
) -> Code | None:
    """The files of a folder (or one file) and of ``includes``, once per run. None: the bag says why.

    ``span`` is the place that names the code, ``called`` the word for it in messages. ``bag.memo.clear()`` forgets
    snapshots, for sources that write files.
    """
    key = ("snapshot", str(path), tuple(str(include.path) for include in includes))
    if key not in bag.memo:
        there = path is None or _exists(path, called, bag, span)
        found = _snapshot(path if there else None, bag, span, includes)
        bag.memo[key] = found if there else None
    files = bag.memo[key]
    return None if files is None else Code(files=files, span=span)


def _snapshot(path: Path | None, bag: Bag, span: Span, includes: Sequence[Include]) -> Files | None:
    collected = Collected(bag, span)
    if path is not None:
        rules = root_rules(path, bag) if path.is_dir() else Rules()
        if includes:
            rules = rules.with_nested()
        collected.add(path, "" if path.is_dir() else path.name, rules)
    else:
        rules = Rules()
    if includes:
        add_includes(collected, includes, rules, path)
    return None if collected.failed else tuple(sorted(collected.files.items()))


def _exists(path: Path, called: str, bag: Bag, span: Span) -> bool:
    try:
        path.stat()
        return True
    except (FileNotFoundError, NotADirectoryError):
        bag.add("E101", span, f"{called} '{shown(path, span)}' does not exist", fix=nearest_file(path, span))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        bag.add("E107", span, f"{called} '{shown(path, span)}' cannot be read: {reason}", fix="Check the path")
    return False
