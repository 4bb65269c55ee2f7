"""Every launcher test runs under every shell of the machine; what is missing is skipped with its name."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.runtime.shim import VERSIONS, Shim, in_folder, interpreter
from tests.unit.runtime.stage import Stage, World, worlds

NAMES = ["dash", "bash", "busybox", "core utilities"]


@pytest.fixture(scope="session")
def all_worlds() -> Iterator[dict[str, World]]:
    """Their folders are open to all users, which pytest's are not: it closes its root whenever a session starts."""
    with open_folder() as scratch:
        yield {world.name: world for world in worlds(scratch)}


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may look into, outside of that of the tests."""
    with tempfile.TemporaryDirectory(prefix="mlc-tests-", dir="/tmp") as scratch:  # tests have a TMPDIR of their own
        Path(scratch).chmod(0o755)
        yield Path(scratch)


@pytest.fixture
def open_stage(world: World) -> Iterator[Stage]:
    """A stage that other users reach."""
    with open_folder() as scratch:
        yield Stage(scratch, world)


@pytest.fixture(params=NAMES)
def world(request: pytest.FixtureRequest, all_worlds: dict[str, World]) -> World:
    if request.param not in all_worlds:
        pytest.skip(f"{request.param} is not installed on this machine")
    return all_worlds[request.param]


@pytest.fixture
def stage(tmp_path, world) -> Stage:
    return Stage(tmp_path, world)


@pytest.fixture(params=VERSIONS)
def shim(request: pytest.FixtureRequest, tmp_path: Path) -> Shim:
    python = interpreter(request.param)
    if python is None:
        pytest.skip(f"there is no Python {request.param} on this machine")
    return in_folder(tmp_path, python)


@pytest.fixture
def one(tmp_path: Path) -> Shim:
    """The Python that runs the tests: for what does not depend on the version."""
    return in_folder(tmp_path, sys.executable)
