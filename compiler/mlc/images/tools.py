"""The command-line tools around an engine: ``docker`` itself, its plug-ins buildx and Compose, and their versions."""

import shutil
from collections.abc import Mapping

from mlc.records import dataclass

PATIENCE = 10.0
OLDEST_COMPOSE = (2, 24)
"""What bundles are written for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Path of the ``docker`` command and versions of its plug-ins (``2.26.1``); None: not there."""

    docker: str | None
    buildx: str | None
    compose: str | None

    @property
    def compose_is_new_enough(self) -> bool:
        """Whether ``docker compose up`` understands a bundle."""
        return self.compose is not None and version_numbers(self.compose) >= OLDEST_COMPOSE


def find_tools(environ: Mapping[str, str] | None = None, *, only_builder: bool = False) -> Tools:
    """Ask the plug-ins for their versions; some 50 ms each. ``only_builder``: Compose is not asked."""
    docker = shutil.which("docker", path=None if environ is None else environ.get("PATH", ""))
    if docker is None:
        return Tools(docker=None, buildx=None, compose=None)
    compose = None if only_builder else compose_version(docker, environ)
    return Tools(docker=docker, buildx=buildx_version(docker, environ), compose=compose)


def buildx_version(docker: str, environ: Mapping[str, str] | None = None) -> str | None:
    """``0.13.1`` of ``github.com/docker/buildx 0.13.1+ds1 ...``; None without the plug-in."""
    words = _output([docker, "buildx", "version"], environ).split()
    return _plain(words[1]) if len(words) > 1 else None


def compose_version(docker: str, environ: Mapping[str, str] | None = None) -> str | None:
    """``2.26.1``; None without the plug-in (the old ``docker-compose`` 1.x does not count)."""
    text = _output([docker, "compose", "version", "--short"], environ).strip()
    return _plain(text) or None


def version_numbers(text: str) -> tuple[int, ...]:
    """``2.26.1`` as numbers, up to the first part that is none."""
    numbers = []
    for part in text.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _plain(text: str) -> str:
    return text.removeprefix("v").partition("+")[0].partition("-")[0]


def _output(command: list[str], environ: Mapping[str, str] | None) -> str:
    import subprocess

    env = None if environ is None else dict(environ)
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE, env=env)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""
