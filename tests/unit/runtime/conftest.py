"""Every launcher test runs under every shell of the machine; what is missing is skipped with its name."""

import pytest
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
