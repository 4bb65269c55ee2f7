"""Notebooks: code cells run in order in one namespace, as Jupyter runs them; what they submit is what is compiled."""

from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.notebook.format import code_cells
from mlc.frontend.notebook.run import Notebook
from mlc.frontend.notebook.steps import steps_of
from mlc.frontend.python.script import Run
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
    steps = steps_of(cells, source, bag)
    if steps is None:
        return None
    return Notebook(Run(source, request, bag)).run(steps)
