"""For every test: a home, a cache and a configuration of its own, and what needs an engine gets one or says why not."""

import os
import signal
import sys
from pathlib import Path

import pytest
from tests.support.engine import NoEngineError, default

PLACES = {
    "HOME": "home",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "MLC_CACHE_DIR": "mlc-cache",
    "TMPDIR": "tmp",
}
"""Environment variables that name folders: each test has its own."""

_FORGOTTEN = (
    "MLC_",
    "INPUT_",
    "DATA_",
    "COMPOSE_",
    "MLFLOW_",
    "AZURE",
    "CLICOLOR",
    "FORCE_COLOR",
    "NO_COLOR",
    "COLUMNS",
)
"""Beginnings of variables that change what mlc or Compose does; a developer's shell may have them set."""

_DOCKER_CONFIG = os.environ.get("DOCKER_CONFIG") or str(Path.home() / ".docker")
"""Clients find their context here, wherever the test's home is."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden``: write down what the golden cases give now."""
    parser.addoption("--update-golden", action="store_true", help="refresh the expected files of golden cases")


@pytest.fixture(autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds this test's home, cache and temporary files; nothing of the user's is in reach."""
    root = tmp_path_factory.mktemp("own")
    for variable in list(os.environ):
        if variable.startswith(_FORGOTTEN):
            monkeypatch.delenv(variable)
    for variable, folder in PLACES.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(root / folder))
    monkeypatch.setenv("MLC_NO_LOCK", "1")  # nothing is resolved by accident; tests of locks take it away
    monkeypatch.setenv("MLC_NO_BASE_DIGEST", "1")  # and no registry is asked
    monkeypatch.setenv("DOCKER_CONFIG", _DOCKER_CONFIG)
    monkeypatch.setattr("tempfile.tempdir", None)
    return root


def in_ci() -> bool:
    """Whether nothing may be skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def without_engine(reason: NoEngineError | str) -> None:
    """End the test: a failure in CI, else a skip that says why."""
    if in_ci():
        pytest.fail(f"CI must have a Docker engine: {reason}", pytrace=False)
    pytest.skip(str(reason))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Bring an engine up before the first test that is marked ``engine``."""
    if item.get_closest_marker("engine"):
        try:
            default()
        except NoEngineError as reason:
            without_engine(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Golden cases and snapshots must not find byte code that a test left beside a source; signals have to work.

    Started in the background of a shell, or under nohup, pytest and all that it starts would not hear Ctrl-C.
    """
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ["MLC_NO_BASE_DIGEST"] = "1"
    os.environ["MLC_NO_LOCK"] = "1"  # fixtures of a module are set up before any test has its own variables
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for ignored in (signal.SIGHUP, signal.SIGQUIT):
        signal.signal(ignored, signal.SIG_DFL)
