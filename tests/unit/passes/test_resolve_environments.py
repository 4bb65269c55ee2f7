"""Named environments."""

from typing import Any

from tests.support.ir import PYTHON, checked, complaints, component, context, node, pipeline

from mlc.ir.environment import NamedEnvironment
from mlc.passes.resolve_environments import spelled

NAMED = NamedEnvironment(name="sklearn-1.5", version="latest")


def test_a_name_becomes_what_it_stands_for_and_is_asked_for_once():
    asked = []

    def find(wanted):
        asked.append(wanted.name)
        return PYTHON

    one, two = component("one", environment=NAMED), component("two", environment=NAMED)
    inner = pipeline(node("x", two), name="inner")
    found, codes = checked(
        pipeline(node("a", one), node("b", one), node("c", two), node("d", inner)), context(find_environment=find)
    )
    nodes: Any = found.nodes
    assert codes == []
    assert asked == ["sklearn-1.5"]
    assert [item.component.environment for item in nodes[:3]] == [PYTHON] * 3
    assert nodes[3].pipeline.nodes[0].component.environment == PYTHON
    assert nodes[0].component is nodes[1].component


def test_a_name_that_nobody_knows():
    assert complaints(pipeline(node("a", component(environment=NAMED)))) == [
        "E401 The environment 'azureml:sklearn-1.5@latest' was not found. "
        "Looked for it in the configuration, among Azure's curated environments and, by 'name:', "
        "in the YAML files beside the source and in component_paths. "
        "Put its YAML file (name: sklearn-1.5) beside the source, or name an image for it: "
        "[tool.mlc.environments] 'sklearn-1.5' = 'IMAGE'."
    ]


def test_names_that_stand_for_each_other():
    found = complaints(pipeline(node("a", component(environment=NAMED))), context(find_environment=lambda name: name))
    assert [line[:4] for line in found] == ["E401"]


def test_names_are_spelled_as_authors_spell_them():
    assert spelled(NamedEnvironment(name="e")) == "azureml:e"
    assert spelled(NamedEnvironment(name="e", version="3")) == "azureml:e:3"
    registry = NamedEnvironment(name="e", version="3", registry="azureml")
    assert spelled(registry) == "azureml://registries/azureml/environments/e/versions/3"
