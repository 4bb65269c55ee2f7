import os
import signal
import threading
from pathlib import Path

import pytest

from mlc.images.children import CHUNK, Children, split_lines


def pieces(*chunks):
    rest = list(chunks)
    return lambda: rest.pop(0) if rest else b""


def test_lines_come_whole_whatever_the_pieces():
    assert list(split_lines(pieces(b"a\nb", b"c\n", b"\nd"))) == [b"a", b"bc", b"", b"d"]


def test_of_a_progress_bar_the_last_state_is_kept():
    assert list(split_lines(pieces(b"1%\r50%\r100%\r\nend\r\n"))) == [b"100%", b"end"]


def test_a_line_without_end_does_not_fill_the_memory():
    lines = list(split_lines(pieces(*[b"x" * CHUNK] * 5)))
    assert sum(map(len, lines)) == 5 * CHUNK
    assert max(map(len, lines)) <= 2 * CHUNK


def test_a_program_runs_and_its_lines_are_handed_on(tmp_path):
    lines: list[str] = []
    code = Children().run(
        ["sh", "-c", "echo out; echo err >&2; exit 3"], lines.append, cwd=tmp_path, env=dict(os.environ)
    )
    assert code == 3
    assert sorted(lines) == ["err", "out"]


def test_what_a_program_left_in_the_background_ends_with_it(tmp_path):
    command = ["sh", "-c", "sleep 1000 & echo started"]
    lines: list[str] = []
    assert Children().run(command, lines.append, cwd=tmp_path, env=dict(os.environ)) == 0
    assert lines == ["started"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_group_is_killed_while_nobody_else_can_have_its_number(tmp_path, monkeypatch):
    states = []
    monkeypatch.setattr(os, "killpg", lambda pid, _: states.append(Path(f"/proc/{pid}/stat").read_text().split()[2]))
    child = Children().start(["true"], cwd=tmp_path, env=dict(os.environ))
    assert child.wait() == 0
    assert states == ["Z"]
    child.signal()
    assert states == ["Z"]


def test_stopping_ends_everything_and_nothing_starts_any_more(tmp_path):
    children, ready = Children(), threading.Event()
    codes = []

    def body():
        command = ["sh", "-c", "echo up; exec sleep 1000"]
        codes.append(children.run(command, lambda _: ready.set(), cwd=tmp_path, env={}))

    thread = threading.Thread(target=body)
    thread.start()
    assert ready.wait(10)
    children.stop()
    thread.join(10)
    assert codes == [-signal.SIGINT]
    with pytest.raises(InterruptedError):
        children.start(["true"], cwd=tmp_path, env={})


def test_what_does_not_listen_is_made_to_end(tmp_path):
    children = Children()
    child = children.start(
        ["sh", "-c", "trap '' INT; echo up; while :; do sleep 0.01; done"], cwd=tmp_path, env=dict(os.environ)
    )
    assert next(child.lines()) == b"up"
    child.signal()
    child.end(grace=0.05)
    assert child.wait() == -signal.SIGKILL
