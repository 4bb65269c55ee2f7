"""Templates that were compiled once are taken from beside their source, but never for anything else than that text."""

import sys
from pathlib import Path

import jinja2
import pytest

from mlc.render import compile_all, jinja
from mlc.render.compiled import CompiledTemplates
from mlc.resources import templates


@pytest.fixture(autouse=True)
def _written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


class _Counting(jinja2.Environment):
    compiled = 0

    def compile(self, *given, **named):
        self.compiled += 1
        return super().compile(*given, **named)


def _render(folder: Path, settings: str = "") -> tuple[str, int]:
    """What the template ``t.j2`` gives in a fresh environment, and how often it was compiled."""
    environment = _Counting(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text()),
        bytecode_cache=CompiledTemplates(lambda name: folder / name, settings),
    )
    return environment.get_template("t.j2").render(x=1), environment.compiled


def test_the_second_time_nothing_is_compiled(tmp_path: Path):
    (tmp_path / "t.j2").write_text("a {{ x }}")
    assert _render(tmp_path) == ("a 1", 1)
    assert _render(tmp_path) == ("a 1", 0)
    assert [file.suffix for file in (tmp_path / "__pycache__").iterdir()] == [".pyc"]


def test_another_text_or_other_settings_are_compiled(tmp_path: Path):
    (tmp_path / "t.j2").write_text("a {{ x }}")
    _render(tmp_path)
    assert _render(tmp_path, "others") == ("a 1", 1)
    (tmp_path / "t.j2").write_text("b {{ x }}")
    assert _render(tmp_path, "others") == ("b 1", 1)


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_file_does_not_count(tmp_path: Path, damage: bytes | None):
    (tmp_path / "t.j2").write_text("a {{ x }}")
    _render(tmp_path)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:-9] if damage is None else damage)
    assert _render(tmp_path) == ("a 1", 1)
    assert _render(tmp_path) == ("a 1", 0)


def test_nothing_is_written_where_python_must_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "t.j2").write_text("a {{ x }}")
    _render(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.j2"]


def test_a_place_that_cannot_be_written_is_borne(tmp_path: Path):
    (tmp_path / "t.j2").write_text("a {{ x }}")
    (tmp_path / "__pycache__").write_text("a file where the folder should be")
    assert _render(tmp_path) == ("a 1", 1)


def test_all_templates_are_compiled_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    jinja.cache_clear()
    compile_all()
    folder = Path(str(templates()))
    kept = {path.name.rpartition(".cpython")[0] for path in tmp_path.glob(f"*/**/{folder.name}/**/*.pyc")}
    assert kept == {path.stem for path in folder.glob("*/*.j2")}
