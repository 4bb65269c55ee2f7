"""What is remembered is what was made, whatever became of the cache's files."""

import os

import pytest

from mlc.images.memo import recalled

KEY = "ab" * 32
TEXT = '{\n "name": "größe"\n}\n'


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MLC_CACHE_DIR", os.fspath(tmp_path))
    return tmp_path / "sbom" / "ab" / KEY


def test_a_text_is_made_once(cache):
    assert recalled("sbom", KEY, lambda: TEXT) == TEXT
    assert recalled("sbom", KEY, lambda: pytest.fail("made again")) == TEXT


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"\xff{", lambda data: data[65:]]
)
def test_a_damaged_file_is_made_anew(cache, damage):
    recalled("sbom", KEY, lambda: TEXT)
    cache.write_bytes(damage(cache.read_bytes()))
    assert recalled("sbom", KEY, lambda: TEXT) == TEXT
    assert recalled("sbom", KEY, lambda: pytest.fail("made again")) == TEXT


def test_a_folder_in_its_place_costs_time_only(cache):
    cache.mkdir(parents=True)
    assert recalled("sbom", KEY, lambda: TEXT) == TEXT
