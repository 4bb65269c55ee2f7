"""Every public name of the reference can be imported; what means nothing here is inert."""

import pytest
from tests.support.scripts import script

from mlc.sdk.azure import public_names

END = """
from mlc import command, pipeline

@pipeline()
def p():
    command(name="one", command="echo", environment="azureml:e:1")()

job = p()
"""


@pytest.mark.parametrize("module", public_names())
def test_all_can_be_imported(tmp_path, module):
    names = ", ".join(public_names()[module])
    assert script(tmp_path, f"from {module} import ({names})\n{END}").said == []


@pytest.mark.parametrize("module", public_names())
def test_a_star_imports_them(tmp_path, module):
    names = public_names()[module]
    loaded = script(tmp_path, f"from {module} import *\nprint({', '.join(names)})\n{END}")
    assert loaded.said == []


def test_a_name_that_the_reference_has_not_either(tmp_path):
    loaded = script(tmp_path, f"from azure.identity import get_nothing\n{END}")
    assert [line.partition(" ")[0] for line in loaded.said] == ["E201"]
