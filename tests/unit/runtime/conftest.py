"""Every launcher test runs under every shell of the machine; what is missing is skipped with its name."""

import sys
from pathlib import Path

import pytest
from tests.unit.runtime.shim import VERSIONS, Shim, in_folder, interpreter
from tests.unit.runtime.stage import Stage, World, worlds

NAMES = ["dash", "bash", "busybox", "core utilities"]


@pytest.fixture(scope="session")
def all_worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    return {world.name: world for world in worlds(tmp_path_factory.mktemp("worlds"))}


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
