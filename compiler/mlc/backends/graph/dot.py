"""The plan's graph in DOT, for Graphviz."""

from mlc.backends.graph.model import Edge, Kind, Node, graph_of
from mlc.ir.plan import Plan

SHAPES = {
    Kind.INPUT: 'shape=box style="rounded,filled" fillcolor="#f3f4f6"',
    Kind.STEP: 'shape=box style=filled fillcolor="#eef4ff"',
    Kind.OUTPUT: 'shape=box style="rounded,filled" fillcolor="#e9f8ef"',
}


def dot(plan: Plan) -> str:
    """A digraph from top to bottom; dashed edges only wait."""
    graph = graph_of(plan)
    lines = [f"digraph {_quoted(plan.name)} {{", '  node [fontname="Helvetica"]', '  edge [fontname="Helvetica"]']
    lines += [
        f"  {_quoted(node.id)} [label={_quoted(_label(node))} {SHAPES[node.kind]}{_border(node)}]"
        for node in graph.nodes
    ]
    lines += [f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [{_edge(edge)}]" for edge in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _border(node: Node) -> str:
    """Two lines around what stands for many runs."""
    return " peripheries=2" if node.many else ""


def _label(node: Node) -> str:
    return "\n".join(part for part in (node.title, node.subtitle, node.many, node.badge) if part)


def _edge(edge: Edge) -> str:
    return f"label={_quoted(', '.join(edge.labels))}" if edge.labels else "style=dashed"


def _quoted(text: str) -> str:
    r"""A DOT string. In labels ``\`` starts an escape, so it is doubled; a line break is ``\n``."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'
