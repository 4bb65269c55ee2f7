"""What other tools say about a bundle: Compose about its services, hadolint and BuildKit's parser about Dockerfiles."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import dockerfile
from tests.templates.test_hadolint import IGNORED

_HADOLINT = shutil.which("hadolint", path=sysconfig.get_path("scripts")) or "hadolint"
_ADDED = "# What follows is added by mlc.\n"


def problems(bundle: Path) -> list[str]:
    """What is wrong with ``bundle``, one line each or more; empty: nothing."""
    found = _compose(bundle)
    for path in sorted(bundle.glob("environments/*/Dockerfile")):
        found += dockerfile_problems(path)
    return found


def dockerfile_problems(path: Path) -> list[str]:
    """What BuildKit's parser and hadolint say about one Dockerfile."""
    return _parse(path) + _hadolint(path)


def _compose(bundle: Path) -> list[str]:
    around = {name: value for name, value in os.environ.items() if not name.startswith(("COMPOSE_", "INPUT_", "DATA_"))}
    command = ["docker", "compose", "config", "--quiet"]
    done = subprocess.run(command, cwd=bundle, env=around, capture_output=True, text=True, check=False)
    # Warnings count: they are about variables that are not set.
    return [f"docker compose config: {done.stderr.strip()}"] if done.returncode or done.stderr.strip() else []


def _parse(path: Path) -> list[str]:
    """BuildKit's own parser, compiled into a Python package: no engine is needed."""
    try:
        dockerfile.parse_file(str(path))
    except (dockerfile.GoParseError, dockerfile.GoIOError) as error:
        return [f"{path.parent.name}/Dockerfile: {error}"]
    return []


def _hadolint(path: Path) -> list[str]:
    """Of a Dockerfile that an author wrote, only what mlc adds is held to the rules; the rest has to parse."""
    ignored = [f"--ignore={rule}" for rule in IGNORED]
    if _ADDED in path.read_text(encoding="utf-8", errors="replace"):
        ignored.append("--failure-threshold=error")
    command = [_HADOLINT, "--no-color", *ignored, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [f"hadolint: {done.stdout.strip()}"] if done.returncode else []
