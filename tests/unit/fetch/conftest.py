"""The program that fetches, as it stands in bundles: imported from templates/, run in this process."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.web import Web

PROGRAM = Path(__file__).parents[3] / "templates" / "fetch"
MODULES = ("deliver", "fetch", "place", "storage", "transfer", "trouble", "web")
_loaded: dict[str, ModuleType] = {}


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a module of the program; nothing of it stays where other tests would find it."""
    monkeypatch.syspath_prepend(str(PROGRAM))
    sys.modules.update(_loaded)

    def load(name: str) -> ModuleType:
        return __import__(name)

    yield load
    _loaded.update({name: sys.modules.pop(name) for name in MODULES if name in sys.modules})


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server of this test's own."""
    with Web() as server:
        yield server


@pytest.fixture
def fetch(program: Callable[[str], ModuleType], tmp_path: Path) -> Callable[..., Path]:
    """Runs the program once: ``fetch(uri, type)``; the output's folder. Waiting takes no time."""

    def run(uri: str, type_: str = "uri_file") -> Path:
        made = program("fetch").Fetch(type_, uri, tmp_path / "out", tmp_path / "state")
        made.sleep = lambda seconds: None
        made.run()
        return tmp_path / "out"

    return run
