"""Any source -> ``ir.Pipeline``: Python scripts, notebooks, pipeline YAML. The only hop of the compiler that reads."""

import os
from collections.abc import Callable
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.request import Request
from mlc.ir.pipeline import Pipeline

__all__ = ["LOADERS", "Request", "load"]


def load(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """Read ``source`` by its suffix (.py, .ipynb, .yml, .yaml). None: the bag says why there is no pipeline."""
    source = Path(os.path.normpath(Path.cwd() / source))
    loader = LOADERS.get(source.suffix.lower())
    if loader is not None:
        return loader(source, request, bag) if _is_there(source, bag) else None
    if _is_there(source, bag):
        known = ", ".join(LOADERS)
        what = f"'{source.name}' is not a kind of source that mlc reads"
        bag.add("E105", Span(str(source)), what, fix=f"Give a file that ends in {known}")
    return None


def _is_there(source: Path, bag: Bag) -> bool:
    """Whether ``source`` is a file; what else it is, is reported once here and not by every loader."""
    from mlc.frontend.text import nearest_file

    span = Span(str(source))
    try:
        if source.is_file():
            return True
        if source.is_dir():
            names = sorted(entry.name for entry in source.iterdir() if entry.suffix.lower() in LOADERS)
            near = next((name for name in names if name.startswith("pipeline.")), names[0] if names else None)
            fix = f"Give a file in it, such as '{near}'" if near else f"Give a file that ends in {', '.join(LOADERS)}"
            bag.add("E106", span, "This is a folder, not a pipeline", fix=fix)
        elif source.exists():
            bag.add("E106", span, "This is not a regular file", fix="Copy it into a file and give that")
        else:
            bag.add("E101", span, f"There is no file '{source.name}'", fix=nearest_file(source, span))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        bag.add("E107", span, f"The source cannot be read: {reason}", fix="Check its name and permissions")
    return False


def _yaml(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    from mlc.frontend.yaml.source import load_yaml_source

    return load_yaml_source(source, request.names, bag)


def _python(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    from mlc.frontend.python.script import load_python

    return load_python(source, request, bag)


def _notebook(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    from mlc.frontend.notebook.source import load_notebook

    return load_notebook(source, request, bag)


LOADERS: dict[str, Callable[[Path, Request, Bag], Pipeline | None]] = {
    ".py": _python,
    ".ipynb": _notebook,
    ".yml": _yaml,
    ".yaml": _yaml,
}
"""What reads which suffix. Each is imported when it is needed: a YAML build does not pay for the DSL."""
