"""The command as a process: exit status, signals, time limit, two launchers at once."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.unit.runtime.stage import LAUNCHER, Stage


def await_file(path: Path) -> None:
    """Until the command has written ``path``; a minute at most."""
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end, f"{path} was not written"
        time.sleep(0.01)


@pytest.mark.parametrize("status", [0, 42])
def test_the_exit_status_is_the_commands(stage: Stage, status: int) -> None:
    assert stage.run(f"exit {status}").status == status


def test_several_lines_are_a_script_and_the_last_one_decides(stage: Stage) -> None:
    ran = stage.run("false\necho one\nfalse\ntrue")
    assert (ran.status, ran.printed) == (0, ["one"])
    assert stage.run("true\nfalse").status == 1


def test_a_command_that_is_not_there(stage: Stage) -> None:
    assert stage.run("no-such-program").status == 127


def test_a_syntax_error_is_a_failure(stage: Stage) -> None:
    assert stage.run("if true; then (").status != 0


def test_standard_input_is_empty(stage: Stage) -> None:
    assert stage.run("cat; echo end").printed == ["end"]


def test_the_command_runs_under_bash_where_it_is_installed(stage: Stage) -> None:
    has_bash = stage.world.name in {"dash", "bash"}
    assert stage.run('echo "${BASH_VERSION:+bash}"').printed == ["bash" if has_bash else ""]


@pytest.mark.parametrize("name", ["TERM", "INT", "HUP"])
def test_a_signal_reaches_the_command_and_its_children(stage: Stage, name: str) -> None:
    note = "; ".join(f"trap 'echo {each} >>$NOTES; exit 0' {each}" for each in ("TERM", "INT", "HUP"))
    # Bounded, so that a signal that gets lost leaves nothing running for ever.
    child = f"{note}; : >$NOTES.child; n=0; while [ $n -lt 1200 ]; do n=$((n + 1)); sleep 0.05; done"
    # The command waits for its child, or a TERM for what is left over may overtake the signal (INT: see below).
    own = note.replace("echo ", "echo command ")
    own = own if name == "INT" else own.replace("exit 0", "wait; exit 0")
    command = f'sh -c "$CHILD" & {own}; wait'
    notes = stage.root / "notes"
    process = stage.start(command, NOTES=str(notes), CHILD=child)
    await_file(stage.root / "notes.child")
    process.send_signal(getattr(signal, f"SIG{name}"))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + getattr(signal, f"SIG{name}")
    assert b"stopped by a signal" in err
    said = notes.read_text().splitlines()
    # Without an env that can undo it, a shell's background process is deaf to INT, and gets TERM instead.
    assert f"command {name}" in said or (name == "INT" and "command TERM" in said)
    assert name in said or name == "INT"
    assert not (stage.root / "state/train/done").exists()
    assert list((stage.root / "work").iterdir()) == []


@pytest.mark.parametrize("world", ["dash", "bash"], indirect=True)
@pytest.mark.parametrize("name", ["TERM", "INT"])
def test_a_signal_before_the_command_has_a_group_of_its_own(stage: Stage, name: str) -> None:
    tools = stage.root / "tools"
    tools.mkdir()
    (tools / "setsid").write_text('#!/bin/sh\n: >"$STARTED"\nPATH=${PATH#*:}\nsleep 60 && exec setsid "$@"\n')
    (tools / "setsid").chmod(0o755)
    started = stage.root / "started"
    process = stage.start("sleep 60", STARTED=str(started), PATH=f"{tools}:{stage.world.path}")
    await_file(started)
    began = time.monotonic()
    process.send_signal(getattr(signal, f"SIG{name}"))
    assert process.wait(timeout=90) == 128 + getattr(signal, f"SIG{name}")
    assert time.monotonic() - began < 30
    kill_sleepers(stage)


def test_no_process_outlives_a_stopped_step(stage: Stage) -> None:
    pids = stage.root / "pids"
    process = stage.start("(sleep 1000 & echo $! >$PIDS; mv $PIDS $PIDS.done; wait) & wait", PIDS=str(pids))
    await_file(stage.root / "pids.done")
    process.terminate()
    process.communicate(timeout=60)
    sleeper = int((stage.root / "pids.done").read_text())
    assert not is_running(sleeper)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_the_command_leaves_running_ends_with_it(stage: Stage) -> None:
    ran = stage.run("sleep 1000 >/dev/null 2>&1 & echo $!")
    assert ran.status == 0
    assert not is_running(int(ran.printed[0]))


def test_a_time_limit_ends_the_command_with_words(stage: Stage) -> None:
    ran = stage.run("echo begin; sleep 1000; echo never", MLC_TIMEOUT="1")
    assert ran.status == 124
    assert ran.printed == ["begin"]
    assert "stopped after 1 s, its time limit" in ran.err
    assert not (stage.root / "state/train/done").exists()


def test_a_time_limit_that_is_not_reached(stage: Stage) -> None:
    began = time.monotonic()
    assert stage.run("exit 0", MLC_TIMEOUT="1000").status == 0
    assert stage.run("exit 124", MLC_TIMEOUT="1000").status == 124
    assert time.monotonic() - began < 30


def test_two_launchers_of_one_step_run_it_once(stage: Stage) -> None:
    count = stage.root / "count"
    command = 'echo run >>"$COUNT"; sleep 0.3; echo x >${{words outputs.o}}'
    variables = {"COUNT": str(count), "MLC_OUTPUTS": "o file", "MLC_OUTPUT_o": "o.txt"}
    processes = [stage.start(command, **variables) for _ in range(3)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in processes]
    assert [status for _, status in ended] == [0, 0, 0], ended
    assert count.read_text() == "run\n"
    assert not (stage.root / "state/train/lock").exists()


def test_a_lock_of_a_killed_launcher_is_taken_over(stage: Stage) -> None:
    process = stage.start('echo $PPID; : >"$STARTED"; sleep 1000', STARTED=str(stage.root / "started"))
    await_file(stage.root / "started")
    process.kill()
    process.wait()
    assert (stage.root / "state/train/lock").is_dir()
    ran = stage.run("echo again")
    assert (ran.status, ran.printed) == (0, ["again"])
    assert not any(line.startswith("waits") for line in ran.said)
    kill_sleepers(stage)


@pytest.mark.parametrize("world", ["busybox"], indirect=True)
def test_a_lock_from_another_container_is_taken_over_when_its_heart_stops(stage: Stage) -> None:
    lock = stage.root / "state/train/lock"
    lock.mkdir(parents=True)
    (lock / "beat").write_text("pid:[1] 1 7\n")
    ran = stage.run("echo again")
    assert (ran.status, ran.printed) == (0, ["again"])
    assert ran.said[0] == "waits: another launcher runs this step, or was killed while it did"


def kill_sleepers(stage: Stage) -> None:
    """End what a killed launcher left: it could not."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            if f"MLC_ROOT={stage.root}\0".encode() in environment:
                os.kill(int(folder.name), signal.SIGKILL)


def test_the_launcher_as_process_one(stage: Stage) -> None:
    """In a container nothing sits above the launcher, and signals without a handler are not delivered to it."""
    unshare = [shutil.which("unshare") or "unshare", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*unshare, "/bin/true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody make a namespace of processes")
    command = ': >"$STARTED"; sleep 1000'
    environment = stage.environment(command, STARTED=str(stage.root / "started"))

    process = subprocess.Popen(
        [*unshare, "env", "-i", *(f"{k}={v}" for k, v in environment.items()), *stage.world.shell, str(LAUNCHER)]
    )
    await_file(stage.root / "started")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGTERM)
    assert process.wait(timeout=30) == 143
