"""What the tests themselves stand on: daemons that start again, an engine that is found at once."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.engine import _forget_stale, default

ROOT = Path(__file__).resolve().parents[1]


def test_a_pid_file_of_a_process_that_is_gone_is_removed(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    pid = tmp_path / "docker.pid"
    pid.write_text(str(gone.pid))
    _forget_stale(pid, "dockerd")
    assert not pid.exists()


def test_a_pid_file_of_a_zombie_or_of_another_program_is_removed(tmp_path):
    ended = subprocess.Popen(["true"])
    pid = tmp_path / "docker.pid"
    pid.write_text(str(ended.pid))
    while Path(f"/proc/{ended.pid}/stat").read_text().split()[2] != "Z":
        pass
    _forget_stale(pid, "true")
    assert not pid.exists()
    ended.wait()

    with subprocess.Popen(["sleep", "60"]) as other:
        pid.write_text(str(other.pid))
        _forget_stale(pid, "sleep")
        assert pid.exists(), "the program it names runs"
        _forget_stale(pid, "dockerd")
        assert not pid.exists()
        other.kill()


@pytest.mark.engine
def test_an_engine_that_is_up_is_found_at_once():
    default()
    start = time.monotonic()
    command = [sys.executable, "-m", "tests.support.engine", "up"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < 10, "half a second where nothing else runs"
