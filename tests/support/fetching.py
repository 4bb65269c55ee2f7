"""The environment of the steps that fetch, as bundles make it: kept on this machine, apart from the tests' own."""

import fcntl
import shutil
import subprocess
import sysconfig
from pathlib import Path

from tests.support.engine import HOME

from mlc.hashing import digest_file

PROGRAM = Path(__file__).parents[2] / "templates" / "fetch"
REQUIREMENTS = PROGRAM / "requirements.txt"


class NoEnvironmentError(Exception):
    """It cannot be had here; the text says why."""


def python() -> Path:
    """The interpreter of that environment, with every package of ``templates/fetch/requirements.txt``."""
    folder = HOME / f"fetch-{digest_file(REQUIREMENTS)[:12]}"
    found = folder / "bin" / "python"
    if found.exists():
        return found
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / "fetch.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not found.exists():
                _make(folder)
    except OSError as problem:
        raise NoEnvironmentError(f"the environment for fetching cannot be made: {problem}") from problem
    return found


def _make(folder: Path) -> None:
    uv = Path(sysconfig.get_path("scripts"), "uv")
    shutil.rmtree(folder, ignore_errors=True)
    install: list[str | Path] = [
        "pip",
        "install",
        "--quiet",
        "--python",
        folder / "bin" / "python",
        "--requirements",
        REQUIREMENTS,
    ]
    make: list[str | Path] = ["venv", "--quiet", folder]
    for command in (make, install):
        done = subprocess.run([uv, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise NoEnvironmentError(f"the environment for fetching cannot be made: {done.stderr}")
