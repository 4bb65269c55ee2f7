"""The front door: help, versions, misspelt commands, and every way to end. Whole processes: that is what users have."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from mlc.cli import app, cache, exits
from mlc.cli.version import VERSION

ROOT = Path(__file__).parents[3]
PATCH = """
import sys
from mlc.cli import doctor, main
{}
doctor.command.callback = act
sys.argv[1:] = ["doctor"]
sys.exit(main())
"""


def mlc(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from mlc.cli import main; sys.exit(main())", *arguments]
    return subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)


def patched(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """``mlc doctor`` with a function in place of the command's, defined by ``code`` as ``act``."""
    start = PATCH.format(code)
    return subprocess.run([sys.executable, "-c", start], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_version_is_that_of_the_package(tmp_path):
    import tomllib

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
    done = mlc("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"mlc {VERSION}\n", "")


def test_the_help_names_every_command_and_exit_status(tmp_path):
    text = mlc("--help", cwd=tmp_path).stdout
    for name, short in app.COMMANDS.items():
        assert f"  {name} " in text
        assert short in text
    for status in exits.Exit:
        assert f" {status.value}  {exits.MEANING[status]}\n" in text


def test_every_file_that_defines_a_command_is_listed():
    folder = Path(app.__file__).parent
    command = re.compile(r"^(def command\(|command = )", re.MULTILINE)
    found = {file.stem for file in folder.glob("*.py") if command.search(file.read_text())}
    assert found == {*app.COMMANDS, *(f"cache_{name}" for name in cache.COMMANDS)}


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_has_an_example_in_its_help(name, tmp_path):
    done = mlc(name, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"Example:\n    mlc {name}" in done.stdout or f"$(mlc {name}" in done.stdout
    assert import_module(f"mlc.cli.{name}").command.help


def test_help_and_version_import_neither_compiler_nor_engine():
    code = (
        "import sys; sys.argv[1:] = ['--help']\n"
        "from mlc.cli import main; main()\n"
        "heavy = {'mlc.driver', 'mlc.frontend', 'mlc.runner', 'yaml', 'jinja2', 'docker', 'asyncio', 'subprocess'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("HEAVY []\n")


def test_a_misspelt_command_gets_the_nearest_one(tmp_path):
    done = mlc("bild", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("Error: No such command 'bild'. Did you mean 'build'?\n")


def test_a_file_in_place_of_a_command_gets_the_command(tmp_path):
    (tmp_path / "pipeline.py").touch()
    done = mlc("pipeline.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "To compile that file: mlc build pipeline.py\n" in done.stderr


def test_no_command_shows_the_help_and_an_unknown_option_is_a_usage_error(tmp_path):
    assert mlc(cwd=tmp_path).returncode == 2
    assert mlc("check", "--nonsense", "x.py", cwd=tmp_path).returncode == 2


def test_a_bug_keeps_its_traceback_and_is_said_to_be_ours(tmp_path):
    done = patched("act = lambda **_: 1 / 0", tmp_path)
    assert done.returncode == 70
    assert "ZeroDivisionError: division by zero\n\nThis is a bug in mlc" in done.stderr


def test_a_single_diagnostic_ends_with_its_status(tmp_path):
    code = 'from mlc.diagnostics import fail, Span\ndef act(**_): raise fail("{}", Span(""), "no way")'
    for name, status in (("E601", 1), ("E650", 5), ("E651", 3)):
        done = patched(code.format(name), tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (status, "", f"error[{name}]: no way.\n")


def test_every_code_with_a_status_of_its_own_is_in_the_table():
    from mlc.codes import CODES

    assert set(exits.OF_CODE) <= set(CODES)


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path):
    # The pipe has no reader before a byte is written: no race.
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "import sys; from mlc.cli import main; sys.exit(main())", "--help"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_it_without_a_traceback_and_finally_blocks_run(number, status, tmp_path):
    code = (
        "def act(**_):\n"
        "    import signal\n"
        "    try:\n"
        "        print('ready', flush=True)\n"
        "        signal.pause()\n"
        "    finally:\n"
        "        print('cleaned up')\n"
    )
    start = PATCH.format(code)
    process = subprocess.Popen(
        [sys.executable, "-c", start], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == status
    assert out == "cleaned up\n"
    assert "Traceback" not in err


def test_a_name_that_is_no_text_can_be_printed(tmp_path):
    name = os.fsdecode(b"\xff.py")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from mlc.cli import main; sys.exit(main())", "runs", name],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii:strict"},
    )
    assert done.returncode == 1
    assert b"error[E603]: The bundle '\\udcff.py' does not exist." in done.stderr


def test_doctor_speaks_json(tmp_path):
    done = mlc("doctor", "--json", cwd=tmp_path, DOCKER_HOST="unix:///nowhere.sock", MLC_CACHE_DIR=str(tmp_path))
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["able"] else 5)
    names = [finding["name"] for finding in report["findings"]]
    assert names[:6] == ["python", "docker", "compose", "buildx", "uv", "gpu"]
    docker = report["findings"][1]
    assert (docker["health"], docker["seen"]) == ("missing", "there is no unix:///nowhere.sock (DOCKER_HOST)")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed_and_answered(shell, tmp_path):
    script = mlc("completion", shell, cwd=tmp_path)
    assert script.returncode == 0
    assert "_MLC_COMPLETE" in script.stdout
    answer = mlc(cwd=tmp_path, _MLC_COMPLETE=f"{shell}_complete", COMP_WORDS="mlc do", COMP_CWORD="1")
    assert "doctor" in answer.stdout or shell == "fish"


def test_start_up_is_quick(tmp_path):
    """Generous: three times what it takes, the best of three."""
    times = []
    for _ in range(3):
        start = time.monotonic()
        mlc("--version", cwd=tmp_path)
        times.append(time.monotonic() - start)
    assert min(times) < 0.3
