"""The pipeline's graph: a picture (SVG), Mermaid, Graphviz' DOT."""

from mlc.backends.graph.dot import dot
from mlc.backends.graph.svg import svg
from mlc.backends.options import EmitOptions
from mlc.files import File, FileTree
from mlc.ir.plan import Plan
from mlc.render.mermaid import mermaid

__all__ = ["dot", "emit", "mermaid", "svg"]


def emit(plan: Plan, options: EmitOptions) -> FileTree:
    """``graph.svg``."""
    return {"graph.svg": File(svg(plan).encode())}
