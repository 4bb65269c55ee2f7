"""Names of nodes, exactly as the reference gives them.

A node is called as its ``name`` says, else as the last local variable that holds it when the pipeline function
returns. The others (made in loops, helpers, lists; overwritten; ``_``) take the name of the last named node of the
same component, else the component's own name, and ``_1``, ``_2`` ... in order of creation.
"""

import re
from typing import Any

from mlc.sdk.node import Node
from mlc.sdk.session import session

VALID = re.compile(r"[a-z_][a-z0-9_]*\Z")


def named(nodes: list[Node], variables: dict[str, Any], pipeline: str) -> dict[str, Node]:
    """The nodes by name, in order of creation; bad names and names that two nodes have are reported."""
    names: dict[int, str] = {}
    uses: dict[str, int] = {}
    _by_variable(nodes, variables, names, uses, pipeline)
    last = {_base(node): names[node.number] for node in nodes if node.number in names}
    result: dict[str, Node] = {}
    for node in nodes:
        if node.number not in names:
            wish = _base(node)
            if node.own_name is None and wish in last:
                wish = last[wish]
            uses[wish] = uses.get(wish, 0) + 1
            suffix = "" if uses[wish] == 1 else f"_{uses[wish] - 1}"
            names[node.number] = f"{sanitized(wish)}{suffix}"
        name = names[node.number]
        if name in result:
            _duplicate(name, node, pipeline)
            name = f"{name}_{node.number}"  # what else is said of it should not be about its name
        result[name] = node
        node.__dict__["own_name"] = name
    return result


def _by_variable(
    nodes: list[Node], variables: dict[str, Any], names: dict[int, str], uses: dict[str, int], pipeline: str
) -> None:
    numbers = {node.number for node in nodes}
    taken: set[str] = set()
    for variable, value in variables.items():
        if not isinstance(value, Node) or value.number not in numbers:
            continue
        name = value.own_name or variable
        if name == "_":
            continue
        if not VALID.match(name):
            name = _invalid(name, value)
        if name in taken and value.number not in names:
            _duplicate(name, value, pipeline)
        taken.add(name)
        names[value.number] = name
        uses[name] = 1


def _base(node: Node) -> str:
    return str(node.own_name or node.component.name)


def sanitized(name: str) -> str:
    """``name`` as the reference makes node names of component names: words of a-z, 0-9 joined by underscores."""
    words = re.sub(r"[\W_]+", " ", name.lower()).strip().replace(" ", "_")
    return f"n{words}" if words[:1].isdigit() else words


def _invalid(name: str, node: Node) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    good = sanitized(plain) or "node"
    what = f"The node name {name!r} is not allowed"
    why = "Names start with a lower-case letter or _, and have lower-case letters, digits and _ only"
    session().report("E308", what, why=why, fix=f"Call the variable {good!r}", span=node.span)
    return good


def _duplicate(name: str, node: Node, pipeline: str) -> None:
    what = f"Two nodes of pipeline {pipeline!r} are called {name!r}"
    session().report("E307", what, fix="Give one of them another name or variable", span=node.span)
