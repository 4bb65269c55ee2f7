"""The lint of the templates: the repo's are clean, and each rule bites."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from tests.templates import lint


@dataclass(frozen=True)
class Inner:
    shown: str


@dataclass(frozen=True)
class Context:
    TEMPLATE: ClassVar[str] = "x.j2"
    name: str
    inner: tuple[Inner, ...] = ()


CLEAN = "{{ name | yaml }}{% for one in inner %}{% if name %}{{ one.shown }}{% endif %}{% endfor %}"


def test_all_templates_are_clean():
    assert lint.check() == []


def test_every_template_is_looked_at():
    assert {"docker/compose.yaml.j2", "docker/Dockerfile.uv.j2", "graph/graph.svg.j2"} <= set(lint.contexts())


def test_a_clean_template_passes():
    assert list(lint.problems("x.j2", CLEAN, Context)) == []


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        ("{% set a = name %}", "Assign"),
        ("{% if name == 'x' %}{% endif %}", "Compare"),
        ("{{ name + 'x' }}", "Add"),
        ("{{ name ~ 'x' }}", "Concat"),
        ("{{ name.upper() }}", "Call"),
        ("{{ 'a' if name else 'b' }}", "CondExpr"),
        ("{% macro m() %}{% endmacro %}", "Macro"),
    ],
)
def test_decisions_are_refused(decision, kind):
    found = list(lint.problems("x.j2", CLEAN + "\n" + decision, Context))
    assert any(line.startswith("x.j2:2: ") and f"({kind})" in line for line in found)


def test_a_long_template_is_refused():
    assert list(lint.problems("x.j2", CLEAN + "\n" * 101, Context)) == ["x.j2: 101 lines, more than 100"]


def test_a_field_that_is_not_used_is_found():
    assert list(lint.problems("x.j2", "{{ inner }}", Context)) == [
        "x.j2: never uses Context.name",
        "x.j2: never uses Inner.shown",
    ]


def test_a_template_without_a_context_is_found():
    assert list(lint.problems("x.j2", "text", None)) == ["x.j2: no context class has TEMPLATE = 'x.j2'"]
