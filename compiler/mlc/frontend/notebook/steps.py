"""A notebook's cells, parsed and compiled."""

import ast
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.notebook.cells import WRITE, Python, Step, WriteFile, parse_cell
from mlc.frontend.python.script import compiled

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
"""How cells are compiled."""


def steps_of(cells: list[str], source: Path, bag: Bag) -> list[Step] | None:
    """Every cell, parsed; None if one of them is not Python."""
    steps: list[Step] = []
    good = True
    for number, text in enumerate(cells, 1):
        file = f"{source}:cell {number}"
        bag.remember(file, text)
        cell = parse_cell(text)
        code = None
        if isinstance(cell, Python):
            code = compiled(cell.text, file, bag, FLAGS)
            good = good and code is not None
        elif isinstance(cell, WriteFile) and not cell.path:
            bag.add("E203", Span(file, 1), "%%writefile names no file", fix="Write %%writefile path/file.py")
            good = False
        elif isinstance(cell, WriteFile):
            code = compile(WRITE, file, "exec")
        steps.append(Step(file, cell, code))
    return steps if good else None
