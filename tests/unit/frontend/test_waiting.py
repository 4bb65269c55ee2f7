"""Scripts that do not end: where they are is said, and signals end mlc as they end any program."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest

from mlc.frontend.python import waiting

LOOP = """\
import sys
def spin():
    print('ready', file=sys.stderr, flush=True)
    while True:
        pass
spin()
"""


@pytest.mark.parametrize(
    ("number", "status", "told"),
    [(signal.SIGINT, 130, "\nInterrupted.\n{}:5 was running.\n"), (signal.SIGTERM, 143, "")],
)
def test_a_signal_is_no_mistake_of_the_script(tmp_path, number, status, told):
    script = tmp_path / "loop.py"
    script.write_text(LOOP)
    command = [sys.executable, "-c", "import sys; from mlc.cli import main; sys.exit(main())", "check", "loop.py"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert process.stderr is not None
    assert process.stderr.readline() == "ready\n"
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    # The signal may come before the loop: the call of print is on another line.
    assert (process.returncode, err.replace(":3 was", ":5 was").replace(":4 was", ":5 was")) == (
        status,
        told.format(script),
    )


def test_a_script_that_runs_for_long_is_told_once(tmp_path, monkeypatch):
    script = tmp_path / "loop.py"
    monkeypatch.setattr(waiting, "PATIENCE", 0.01)
    monkeypatch.setattr(sys, "stderr", told := io.StringIO())
    code = compile("while not told.getvalue().endswith(end):\n    pass\n", str(script), "exec")
    with waiting.told_while_running(str(script)):
        exec(code, {"told": told, "end": "\n"})
    line = told.getvalue()
    assert line in {f"mlc: loop.py is still running, at {script}:{number}. Ctrl-C stops it.\n" for number in (1, 2)}


def test_a_script_that_ends_soon_leaves_nothing_behind(monkeypatch, capsys):
    import threading

    before = threading.active_count()
    with waiting.told_while_running(os.devnull):
        pass
    end = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < end:
        pass
    assert threading.active_count() == before
    assert capsys.readouterr().err == ""
