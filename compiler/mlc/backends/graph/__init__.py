"""The pipeline's graph: a picture (SVG), Mermaid, Graphviz' DOT."""

from mlc.backends.options import EmitOptions
from mlc.files import FileTree
from mlc.ir.plan import Plan
from mlc.render.mermaid import mermaid

__all__ = ["emit", "mermaid"]


def emit(plan: Plan, options: EmitOptions) -> FileTree:
    """``graph.svg``."""
    return {}
