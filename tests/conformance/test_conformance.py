"""The same script in the reference SDK and in mlc: names, bindings, values, types, order and outputs are the same."""

from pathlib import Path

import pytest
from tests.conformance.comparing import Reference, name_alike, ours
from tests.conformance.conftest import CASES

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_same_as_the_reference(case: Path, reference: Reference):
    mine, theirs = ours(case), reference(case)
    name_alike(mine, theirs)
    assert mine == theirs
