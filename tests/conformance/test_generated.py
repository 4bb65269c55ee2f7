"""Generated pipelines: whatever the language allows, mlc reads it as the reference SDK does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from tests.conformance.comparing import Reference, name_alike, ours
from tests.conformance.programs import programs

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every generated source is written."""
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(scope="module", autouse=True)
def nothing_but_the_seed() -> Iterator[None]:
    """What is drawn depends on this file alone, not on constants of the modules that happen to be loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None)
        yield


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(files=programs())
def test_same_as_the_reference(files: dict[str, str], folder: Path, reference: Reference):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    script = folder / "generated.py"
    mine, theirs = ours(script), reference(script)
    name_alike(mine, theirs)
    assert mine == theirs
