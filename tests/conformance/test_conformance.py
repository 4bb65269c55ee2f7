"""The same script in the reference SDK and in mlc: names, bindings, values, types, order and outputs are the same."""

from pathlib import Path
from typing import Any

import pytest
from tests.conformance.conftest import CASES
from tests.conformance.normal_form import normal_form

from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load

pytestmark = pytest.mark.oracle

_ITS_OWN = "AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED"
"""A variable that the reference sets on computed expressions, for itself."""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_same_as_the_reference(case: Path, reference: dict[str, Any]):
    bag = Bag()
    pipeline = load(case, Request(), bag)
    assert pipeline is not None, render(bag.sorted(), bag.sources, case.parent)
    ours, theirs = _comparable(normal_form(pipeline)), _comparable(reference[case.stem])
    _name_alike(ours, theirs)
    assert ours == theirs


def _name_alike(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """In nested YAML the reference forgets what components are called."""
    for mine, yours in zip(ours["nodes"], theirs["nodes"], strict=False):
        if yours["component"] == "azureml_anonymous":
            yours["component"] = mine["component"]
        if "pipeline" in mine and "pipeline" in yours:
            _name_alike(mine["pipeline"], yours["pipeline"])


def _comparable(level: dict[str, Any]) -> dict[str, Any]:
    """Without what the two say in different places: the order of bindings, modes of outputs that leave a pipeline."""
    for node in level["nodes"]:
        node["inputs"] = dict(sorted(node["inputs"].items()))
        node["outputs"] = {name: _output(said) for name, said in node["outputs"].items() if said}
        node.get("environment_variables", {}).pop(_ITS_OWN, None)
        if "pipeline" in node:
            _comparable(node["pipeline"])
    return level


def _output(said: dict[str, str]) -> dict[str, str]:
    if "value" in said:
        return {"value": said["value"]}
    return {key: value.lower() for key, value in said.items()}
