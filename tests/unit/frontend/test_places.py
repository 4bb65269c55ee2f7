"""Placeholders are found where they stand in the file, in every style of YAML's scalars."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.ir.pipeline import CommandNode
from mlc.passes.check_commands import placeholders

HEAD = "type: command\nenvironment: {image: i}\ninputs: {a: 1, b: 2}\n"


@pytest.mark.parametrize(
    ("command", "places"),
    [
        ("command: run ${{inputs.a}} ${{inputs.b}}", [(4, 14), (4, 28)]),
        ('command: "run ${{inputs.a}}\n  ${{inputs.a}}"', [(4, 15), (5, 3)]),
        ("command: |\n  run ${{inputs.a}}\n  x ${{inputs.b}}", [(5, 7), (6, 5)]),
        ("command: >-\n  run\n  ${{inputs.b}} $[[${{inputs.a}}]]", [(6, 3), (6, 20)]),
        ("command: >-\n  é ${{inputs.a}}", [(5, 5)]),
        ('command: "run \\x24{{inputs.a}}"', [(4, 10)]),
    ],
    ids=["plain", "quoted", "literal", "folded", "unicode", "escaped: the scalar's own place"],
)
def test_places(command, places, tmp_path):
    path = tmp_path / "job.yml"
    path.write_text(HEAD + command + "\n", encoding="utf-8")
    pipeline = load(path, Request(), Bag())
    assert pipeline is not None
    (node,) = pipeline.nodes
    assert isinstance(node, CommandNode)
    assert [(part.span.line, part.span.column) for part, _ in placeholders(node.component.command)] == places
