"""Notebooks: code cells run in order in one namespace, as Jupyter runs them; what they submit is what is compiled."""

import json
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.notebook.cells import WRITE, Python, Step, WriteFile, parse_cell
from mlc.frontend.notebook.run import FLAGS, Notebook
from mlc.frontend.python.script import Run, compiled
from mlc.frontend.request import Request
from mlc.frontend.text import decode, read_bytes
from mlc.ir.pipeline import Pipeline


def load_notebook(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """The pipeline of the notebook ``source`` (absolute). None: the bag says why."""
    data = read_bytes(source, bag, Span(str(source)))
    text = None if data is None else decode(data, source, bag)
    if text is None:
        return None
    cells = code_cells(text, source, bag)
    if cells is None:
        return None
    steps = _steps(cells, source, bag)
    if steps is None:
        return None
    return Notebook(Run(source, request, bag)).run(steps)


def code_cells(text: str, source: Path, bag: Bag) -> list[str] | None:
    """Sources of the code cells of a notebook of format 3 or 4. None: the bag says what is wrong with it."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as problem:
        span = Span(str(source), problem.lineno, problem.colno)
        bag.add(
            "E203",
            span,
            "This is not a notebook",
            why=f"A notebook is JSON, and this is not: {problem.msg.lower()}",
            fix="Save it again in Jupyter",
        )
        return None
    except (RecursionError, ValueError):
        what = "This is not a notebook"
        why = "It is nested too deep, or has a number of thousands of digits"
        bag.add("E203", Span(str(source)), what, why=why, fix="Save it again in Jupyter")
        return None
    try:
        return _sources(content)
    except (TypeError, KeyError, AttributeError):
        what = "This JSON file is not a notebook"
        bag.add(
            "E203",
            Span(str(source)),
            what,
            why="A notebook has 'cells', each with a 'cell_type' and a 'source'",
            fix="Save it in Jupyter",
        )
    except ValueError as problem:
        bag.add("E203", Span(str(source)), str(problem), fix="mlc compiles Python notebooks")
    return None


def _sources(content: Any) -> list[str]:
    language = content.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    if not str(language).lower().startswith(("python", "ipython")):
        raise ValueError(f"The notebook is written in {language}")
    cells = (
        content["cells"] if "cells" in content else [cell for sheet in content["worksheets"] for cell in sheet["cells"]]
    )
    found = []
    for cell in cells:
        if cell["cell_type"] == "code":
            lines = cell["source"] if "source" in cell else cell["input"]
            found.append(lines if isinstance(lines, str) else "".join(lines))
    return found


def _steps(cells: list[str], source: Path, bag: Bag) -> list[Step] | None:
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
