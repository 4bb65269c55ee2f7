"""The list of public names is the reference's own."""

import json
import subprocess

import pytest
from tests.conformance.comparing import Reference
from tests.conformance.conftest import PYTHON

from mlc.sdk.azure import public_names

pytestmark = pytest.mark.oracle

OTHERS = {"Enum", "Optional", "Union", "logging", "module_logger"}
"""What modules without ``__all__`` have imported themselves."""

ASK = """
import importlib, json, logging, sys
logging.disable(logging.CRITICAL)
found = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    found[name] = getattr(module, "__all__", None) or [item for item in dir(module) if not item.startswith("_")]
print(json.dumps(found))
"""


def test_same_as_the_reference(reference: Reference):
    pinned = ("azure.ai.ml", "mldesigner")  # other packages come in whatever version they have today
    listed = {name: names for name, names in public_names().items() if name.startswith(pinned)}
    done = subprocess.run([str(PYTHON), "-c", ASK, *listed], check=True, capture_output=True, text=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    assert listed == {name: sorted(set(names) - OTHERS) for name, names in theirs.items()}
