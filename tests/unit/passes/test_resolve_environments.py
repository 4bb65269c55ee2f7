"""Named environments."""

from typing import Any

import pytest
from tests.support.ir import PYTHON, checked, complaints, component, context, node, pipeline

from mlc.ir.asset import NoNames
from mlc.ir.environment import CondaEnvironment, CondaFile, ImageEnvironment, NamedEnvironment

NAMED = NamedEnvironment(name="sklearn-1.5", version="latest")


class Known(NoNames):
    """Finds environments by a function; remembers what was missed."""

    def __init__(self, find):
        self.find, self.missed = find, []

    def environment(self, wanted):
        return self.find(wanted)

    def miss(self, wanted):
        self.missed.append(wanted)


def test_a_name_becomes_what_it_stands_for_and_is_asked_for_once():
    asked = []

    def find(wanted):
        asked.append(wanted.name)
        return PYTHON

    one, two = component("one", environment=NAMED), component("two", environment=NAMED)
    inner = pipeline(node("x", two), name="inner")
    found, codes = checked(
        pipeline(node("a", one), node("b", one), node("c", two), node("d", inner)), context(names=Known(find))
    )
    nodes: Any = found.nodes
    assert codes == []
    assert asked == ["sklearn-1.5"]
    assert [item.component.environment for item in nodes[:3]] == [PYTHON] * 3
    assert nodes[3].pipeline.nodes[0].component.environment == PYTHON
    assert nodes[0].component is nodes[1].component


def test_a_name_that_nobody_knows_is_missed():
    names = Known(lambda wanted: None)
    assert complaints(pipeline(node("a", component(environment=NAMED))), context(names=names)) == []
    assert names.missed == [NAMED]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (ImageEnvironment(image="azureml:base@latest"), ImageEnvironment(image="found:base")),
        (
            CondaEnvironment(image="azureml:base:3", conda=CondaFile()),
            CondaEnvironment(image="found:base", conda=CondaFile()),
        ),
        (ImageEnvironment(image="python:3"), ImageEnvironment(image="python:3")),
    ],
)
def test_an_image_by_name(environment, expected):
    names = Known(lambda wanted: ImageEnvironment(image=f"found:{wanted.name}"))
    found, codes = checked(pipeline(node("a", component(environment=environment))), context(names=names))
    node_: Any = found.nodes[0]
    assert (node_.component.environment, codes) == (expected, [])


def test_a_named_image_that_installs_packages_is_no_image():
    names = Known(lambda wanted: CondaEnvironment(image="i", conda=CondaFile()))
    environment = CondaEnvironment(image="azureml:base", conda=CondaFile())
    (line,) = complaints(pipeline(node("a", component(environment=environment))), context(names=names))
    assert line.startswith("E402 The environment 'base' is used as an image, but it is not one.")


def test_names_that_stand_for_each_other():
    names = Known(lambda wanted: wanted)
    assert complaints(pipeline(node("a", component(environment=NAMED))), context(names=names)) == []
    assert names.missed == [NAMED]
