"""One mistake, one message."""

import pytest
from tests.support.ir import at, context

from mlc.diagnostics import NOWHERE
from mlc.passes.report import report_once

TEXT = ("what", "why", "fix")


@pytest.mark.parametrize(("code", "said"), [("E114", False), ("E205", False), ("W101", True), ("E319", True)])
def test_what_stands_at_the_place_already(code, said):
    around = context()
    around.bag.add(code, at(3, 4), "something")
    report_once(around, "E327", at(3, 4), TEXT)
    assert len(around.bag.items) == 1 + said


def test_another_place_and_no_place():
    around = context()
    around.bag.add("E114", NOWHERE, "something")
    around.bag.add("E114", at(3, 4), "something")
    report_once(around, "E327", at(3, 5), TEXT)
    report_once(around, "E327", NOWHERE, TEXT)
    assert len(around.bag.items) == 4
