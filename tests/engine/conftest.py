"""Engines for the tests here: the one that a plain ``docker`` reaches, and a newer one beside it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import without_engine
from tests.support import standins
from tests.support.bundles import Bundle, build
from tests.support.engine import ENGINES, Engine, NoEngineError


@pytest.fixture(scope="session", params=["default", "new"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A running engine with the stand-in base images; on a bare Debian 12, ``default`` is an old pair."""
    try:
        found = ENGINES[request.param]()
    except NoEngineError as reason:
        without_engine(reason)
        raise
    standins.provide(found)
    return found


Compile = Callable[..., Bundle]


@pytest.fixture
def compiled(engine: Engine, tmp_path: Path) -> Iterator[Compile]:
    """Compiles a source for the engine, to a folder whose bundle is taken down when the test ends, images included."""
    made: list[Bundle] = []

    def compile_to(source: Path, *options: str) -> Bundle:
        bundle = build(source, engine, tmp_path / "bundle" / source.stem, *options)
        made.append(bundle)
        return bundle

    yield compile_to
    for bundle in made:
        bundle.down("--rmi=all")


@pytest.fixture(autouse=True)
def no_other_project() -> None:
    """Compose takes these from the shell; a bundle brings its own."""
    assert not [name for name in os.environ if name.startswith("COMPOSE_")]
