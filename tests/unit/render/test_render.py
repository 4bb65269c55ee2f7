"""The one Jinja2 environment: strict, plain text, and only our filters."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from mlc.render import jinja, quoting, render


@dataclass(frozen=True)
class Missing:
    TEMPLATE: ClassVar[str] = "docker/no_such.j2"


def test_unknown_template_is_an_error():
    with pytest.raises(TemplateNotFound, match=r"docker/no_such\.j2"):
        render(Missing())


def test_unknown_name_is_an_error():
    with pytest.raises(UndefinedError, match="'user' is undefined"):
        jinja().from_string("{{ user }}").render()


def test_blocks_leave_no_lines_and_the_last_newline_stays():
    assert jinja().from_string("a\n  {% if true %}\n<b>\n  {% endif %}\n").render() == "a\n<b>\n"


def test_only_filters_that_quote():
    assert set(jinja().filters) == set(quoting.FILTERS)
