"""What mlc writes, prints and returns for the folders below golden/, to the byte."""

import pytest
from tests.support.golden import CASES, Case, cases, difference


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.folder.relative_to(CASES).as_posix())
def test_golden(case: Case, tmp_path, request):
    actual = case.run(tmp_path)
    if request.config.getoption("update_golden"):
        case.update(actual)
    found = difference(case.expected(), actual)
    name = case.folder.name
    assert not found, f"{name} changed; read this, then: pytest tests/test_golden.py --update-golden -k {name}\n{found}"


@pytest.fixture
def case(tmp_path):
    """A small case: a command that prints one line and writes nothing."""
    folder = tmp_path / "golden" / "version"
    folder.mkdir(parents=True)
    (folder / "cmd").write_text("# asks for the version\nmlc --version\n")
    return Case(folder)


def test_a_case_is_red_then_green_after_an_update_and_red_again_with_a_stale_file(case, tmp_path):
    actual = case.run(tmp_path)
    assert "stdout.txt: came out, but is not expected" in difference(case.expected(), actual)
    case.update(actual)
    assert case.expected()["stdout.txt"].startswith(b"mlc ")
    assert not difference(case.expected(), case.run(tmp_path / "again"))
    stale = case.folder / "expected" / "out" / "old.txt"
    stale.parent.mkdir(parents=True)
    stale.write_text("x")
    assert "expected/out/old.txt: is expected, but did not come out" in difference(case.expected(), actual)
    case.update(actual)
    assert not stale.exists()


def test_a_changed_text_shows_as_a_diff(case, tmp_path):
    actual = case.run(tmp_path)
    case.update({**actual, "stdout.txt": b"mlc 0\n"})
    found = difference(case.expected(), actual)
    assert "-mlc 0\n+mlc " in found


def test_the_first_failing_command_is_the_last_and_its_status_counts(case, tmp_path):
    (case.folder / "cmd").write_text("mlc check missing.py\nmlc --version\n")
    actual = case.run(tmp_path)
    assert actual["exit"] == b"1\n"
    assert b"mlc " not in actual["stdout.txt"]
    assert b"missing.py" in actual["stderr.txt"]
