"""The same pipeline YAML in the reference SDK and in mlc: names, bindings, values, types, order, outputs are equal."""

from pathlib import Path
from typing import Any

import pytest
from tests.conformance.comparing import Reference, name_alike, ours

pytestmark = pytest.mark.oracle

CASES = sorted((Path(__file__).parent / "yaml_cases").glob("*.yml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_same_as_the_reference(case: Path, reference: Reference):
    mine, theirs = ours(case), reference(case)
    name_alike(mine, theirs)
    assert "error" not in theirs
    assert mine == _without_repeated_values(theirs)


def _without_repeated_values(level: dict[str, Any]) -> dict[str, Any]:
    """A job with a command of its own has its values as defaults as well in the reference."""
    for node in level["nodes"]:
        for port in node.get("spec", {}).get("inputs", ()):
            if node["component"] == node["name"] and port["default"] == node["inputs"].get(port["name"]):
                port["default"] = None
        if "pipeline" in node:
            _without_repeated_values(node["pipeline"])
    return level
