"""What ``mlc doctor`` looks at: one function per thing, each tells what it found and what to do about it."""

import os
import shutil
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from mlc.images.cache import cache_root
from mlc.images.engine import Engine, NoEngine, SilentEngineError, find_engine, get_json
from mlc.images.tools import OLDEST_COMPOSE, Tools, find_tools
from mlc.records import dataclass
from mlc.runner.gpu import find_gpus

GIB = 1 << 30
ROOMY, TIGHT = 10 * GIB, 1 * GIB
"""A TensorFlow environment takes some 2 GB as an image and as much again while it is built."""


class Health(StrEnum):
    """How a thing is; ``missing`` and ``low`` limit what can be done, ``broken`` has to be repaired."""

    OK = "ok"
    MISSING = "missing"
    LOW = "low"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report: the thing, its state, what was seen, what to do (where something is)."""

    name: str
    health: Health
    seen: str
    cure: str = ""


def examine() -> list[Finding]:
    """Look at everything; two or three seconds where an engine does not answer."""
    engine, tools = find_engine(), find_tools()
    findings = [python(), docker(engine), compose(tools), buildx(tools), uv(), gpu(), container_gpu(engine)]
    return [finding for finding in (*findings, *disks(engine), cache()) if finding is not None]


def able(findings: list[Finding]) -> bool:
    """Whether pipelines can be run here at all: an engine of either kind, and nothing that is broken."""
    state = {finding.name: finding.health for finding in findings}
    return Health.OK in (state["docker"], state["uv"]) and Health.BROKEN not in state.values()


def python() -> Finding:
    """The Python that runs mlc: it is new enough, else mlc would not be installed in it."""
    return Finding("python", Health.OK, f"{sys.version.split()[0]} at {sys.executable}")


def docker(engine: Engine | NoEngine) -> Finding:
    """The Docker engine."""
    match engine:
        case Engine():
            where = f"{engine.endpoint.url} ({engine.endpoint.origin})"
            return Finding("docker", Health.OK, f"engine {engine.version} at {where}")
        case NoEngine():
            return Finding("docker", Health.MISSING, engine.reason, f"{engine.fix}; until then mlc run uses processes")


def compose(tools: Tools) -> Finding:
    """Docker Compose: runs a bundle without mlc."""
    oldest = ".".join(map(str, OLDEST_COMPOSE))
    cure = f"Install the docker-compose plug-in, {oldest} or newer, for `docker compose up`; mlc run does without"
    if tools.compose is None:
        return Finding("compose", Health.MISSING, "no `docker compose`", cure)
    if not tools.compose_is_new_enough:
        return Finding("compose", Health.MISSING, f"{tools.compose} is older than {oldest}", cure)
    return Finding("compose", Health.OK, tools.compose)


def buildx(tools: Tools) -> Finding:
    """buildx: builds the images with BuildKit."""
    if tools.buildx is None:
        return Finding("buildx", Health.MISSING, "no `docker buildx`", "Install the docker-buildx plug-in")
    return Finding("buildx", Health.OK, tools.buildx)


def uv() -> Finding:
    """uv: makes the virtual environments of the process engine; mlc depends on its package."""
    try:
        from uv import find_uv_bin

        path = str(find_uv_bin())
    except (ImportError, OSError):
        path = shutil.which("uv") or ""
    version = _output([path, "--version"]) if path else None
    if version is None:
        return Finding(
            "uv", Health.MISSING, "not found", "pip install uv: the process engine makes environments with it"
        )
    return Finding("uv", Health.OK, f"{version.removeprefix('uv ').split()[0]} at {path}")


def gpu() -> Finding:
    """GPUs of this machine, as steps that are plain processes see them."""
    found = find_gpus(None)
    if found.usable:
        return Finding("gpu", Health.OK, ", ".join(found.names))
    cure = "With an NVIDIA GPU: install its driver. Without: steps run on the CPU (mlc run says which wanted more)"
    return Finding("gpu", Health.MISSING, found.why_not, cure)


def container_gpu(engine: Engine | NoEngine) -> Finding | None:
    """GPUs as containers see them; None where there is no engine."""
    if isinstance(engine, NoEngine):
        return None
    found = find_gpus(engine)
    if found.usable:
        return Finding("gpu in containers", Health.OK, ", ".join(found.names))
    cure = "Needed only for GPUs in containers: nvidia-container-toolkit, then `sudo nvidia-ctk runtime configure`"
    return Finding("gpu in containers", Health.MISSING, found.why_not, cure)


def disks(engine: Engine | NoEngine) -> list[Finding]:
    """Free space where images, environments and bundles go."""
    places = {"disk of the cache": _existing(cache_root()), "disk of this folder": Path.cwd()}
    if isinstance(engine, Engine) and engine.endpoint.is_local:
        root = _info(engine).get("DockerRootDir")
        if isinstance(root, str) and os.access(root, os.R_OK):
            places["disk of docker"] = Path(root)
    return [_disk(name, place) for name, place in places.items()]


def cache() -> Finding:
    """Whether the cache can be written."""
    folder = _existing(cache_root())
    if os.access(folder, os.W_OK | os.X_OK):
        return Finding("cache", Health.OK, str(cache_root()))
    return Finding("cache", Health.BROKEN, f"{folder} cannot be written", "Set MLC_CACHE_DIR to a folder of yours")


def _disk(name: str, place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    seen = f"{free / GIB:.0f} GiB free at {place}"
    if free < TIGHT:
        return Finding(name, Health.BROKEN, seen, "Free some space: mlc needs at least 1 GiB, TensorFlow images 10")
    if free < ROOMY:
        return Finding(name, Health.LOW, seen, "Images with TensorFlow or PyTorch need 10 GiB to be built")
    return Finding(name, Health.OK, seen)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _info(engine: Engine | NoEngine) -> dict[str, object]:
    if isinstance(engine, NoEngine):
        return {}
    try:
        info = get_json(engine.endpoint, "/info")
    except (OSError, SilentEngineError, ValueError):
        return {}
    return info if isinstance(info, dict) else {}


def _output(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace").strip() or None if done.returncode == 0 else None
