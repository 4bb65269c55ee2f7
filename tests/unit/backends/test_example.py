"""Which input is shown as an example of setting one."""

from dataclasses import replace

import pytest
from tests.unit.backends.plans import FASHION

from mlc.backends.docker.example import example
from mlc.ir.plan import PlanInput
from mlc.ir.types import PortType


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (PortType.INTEGER, "10", "INPUT_X=1"),
        (PortType.INTEGER, "1", "INPUT_X=2"),
        (PortType.NUMBER, "0.5", "INPUT_X=0.5"),
        (PortType.STRING, "a b", ""),
        (PortType.STRING, "$a", ""),
        (PortType.STRING, None, ""),
        (PortType.URI_FOLDER, "data", ""),
    ],
)
def test_only_what_a_shell_takes_as_it_is(kind, value, shown):
    given = PlanInput(name="x", variable="INPUT_X", type=kind, value=value)
    assert example(replace(FASHION, inputs=(given,))) == shown


def test_integers_come_first():
    first = PlanInput(name="x", variable="INPUT_X", type=PortType.STRING, value="abc")
    assert example(replace(FASHION, inputs=(first, *FASHION.inputs))) == "INPUT_EPOCHS=1"
