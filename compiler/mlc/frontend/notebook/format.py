"""What is in a notebook's file: JSON of format 3 or 4."""

import json
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span


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
