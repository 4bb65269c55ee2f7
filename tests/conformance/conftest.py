"""The oracle: the reference SDK in an environment of its own, ``.oracle/``, made on first use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.comparing import Reference
from tests.conftest import in_ci

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".oracle" / "bin" / "python"
PACKAGES = ("azure-ai-ml==1.35.2", "mldesigner==0.1.0b23", "setuptools<81")
CASES = sorted(path for path in (Path(__file__).parent / "cases").glob("*.py") if not path.stem.endswith("parts"))

_ENVIRONMENT = dict(os.environ)
"""As it is before tests get homes of their own: package caches and indexes are found there."""


def _make() -> None:
    from uv import find_uv_bin

    done = PYTHON.parent.parent / "packages.txt"
    if PYTHON.exists() and done.exists() and done.read_text() == "\n".join(PACKAGES):
        return
    uv = find_uv_bin()
    commands = (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PYTHON.parent.parent)],
        [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *PACKAGES],
    )
    for command in commands:
        subprocess.run(command, check=True, env=_ENVIRONMENT, capture_output=True, text=True)
    done.write_text("\n".join(PACKAGES))


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    """The reference SDK, started once."""
    try:
        _make()
    except (OSError, subprocess.CalledProcessError) as problem:
        if in_ci():
            raise
        pytest.skip(f"the reference SDK cannot be installed: {problem}")
    found = Reference(PYTHON, _ENVIRONMENT)
    yield found
    found.close()
