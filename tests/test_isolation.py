"""The fixture that keeps tests away from the user's own folders does its work."""

import os
import pwd
import tempfile
from pathlib import Path

from mlc.catalog.store import catalog_root
from mlc.config import Config
from mlc.images.cache import cache_root


def test_home_and_cache_lie_in_the_tests_own_folder(own_places):
    assert Path.home() == own_places / "home"
    assert Path.home() != Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert cache_root().is_relative_to(own_places)
    assert Path(tempfile.mkdtemp()).is_relative_to(own_places)


def test_the_local_catalog_is_the_tests_own(own_places, monkeypatch):
    assert catalog_root(Config()).is_relative_to(own_places)
    monkeypatch.delenv("XDG_DATA_HOME")
    assert catalog_root(Config()).is_relative_to(own_places)


def test_without_its_own_variable_the_cache_still_stays_in_the_tests_folder(own_places, monkeypatch):
    monkeypatch.delenv("MLC_CACHE_DIR")
    assert cache_root().is_relative_to(own_places)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_root().is_relative_to(own_places)


def test_no_setting_of_the_developers_shell_reaches_a_test():
    names = sorted(name for name in os.environ if name.startswith(("MLC_", "INPUT_", "COMPOSE_", "MLFLOW_")))
    assert names == ["MLC_CACHE_DIR", "MLC_NO_BASE_DIGEST", "MLC_NO_LOCK"]
