"""Bundles as a user handles them: compiled with ``mlc``, started with a plain ``docker compose up``."""

import os
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.engine import Engine

MLC = str(Path(sysconfig.get_path("scripts"), "mlc"))
_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A compiled bundle and the engine that it runs on. Leave it with :meth:`down`."""

    folder: Path
    engine: Engine
    project: str | None = None
    """Of Compose, where the bundle's own could be in use on this machine: its volumes are removed in the end."""

    def up(self, **variables: str) -> "subprocess.CompletedProcess[str]":
        """``docker compose up`` with no flags; ``variables`` are set in its environment. Nothing is checked."""
        return self.compose("up", **variables)

    def compose(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """``docker compose ARGUMENTS`` in the bundle's folder; standard error is in the output."""
        done = subprocess.run(
            ["docker", "compose", *arguments],
            cwd=self.folder,
            env=self.engine.variables() | ({"COMPOSE_PROJECT_NAME": self.project} if self.project else {}) | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        # Compose clears lines even where no terminal is.
        done.stdout = done.stdout.replace("\x1b[2K", "")
        return done

    def copy(self, step: str, port: str, target: Path) -> Path:
        """Copy what ``step`` wrote to its output ``port``, as the bundle's README shows it; the folder of the copy."""
        done = self.compose("cp", f"{step}:/mlc/outputs/{port}/.", str(target))
        assert done.returncode == 0, done.stdout
        return target

    def down(self, *options: str) -> None:
        """Remove the containers, the network and all outputs; with ``--rmi=all`` the images, too."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout=1", *options)


def steps_run(output: str) -> list[str]:
    """Names of the steps that ran, from what ``up`` printed, in the order of their starts."""
    return re.findall(r"mlc: (\S+): runs: ", output)


def steps_skipped(output: str) -> set[str]:
    """Names of the steps that were skipped because nothing had changed."""
    return set(re.findall(r"mlc: (\S+): skipped: ", output))


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """Write a project's files below ``root``; the root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def mlc(
    *arguments: str, cwd: Path, engine: Engine | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run ``mlc ARGUMENTS``; without ``engine``, none answers."""
    around = engine.variables() if engine else {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    return subprocess.run(
        [MLC, *arguments],
        cwd=cwd,
        env=around | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
    )


def build(source: Path, engine: Engine, out: Path, *options: str) -> Bundle:
    """``mlc build --no-images``: the images are left to ``docker compose up``."""
    done = mlc("build", source.name, "--no-images", "--out", str(out), *options, cwd=source.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return Bundle(folder=out, engine=engine)
