"""GPUs of this machine, and whether the Docker engine can hand them to a container."""

import os
import shutil
from pathlib import Path

from mlc.diagnostics import NOWHERE, fail
from mlc.images.engine import Engine, SilentEngineError, get_json
from mlc.images.report import Report
from mlc.images.words import capital
from mlc.ir.plan import Plan, Task
from mlc.records import dataclass
from mlc.runner.options import GpuChoice

PATIENCE = 15.0
HOOK = "nvidia-container-runtime-hook"
"""The program that dockerd looks for on its PATH to offer NVIDIA devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpus:
    """What was found: names of GPUs, and in words where they were looked for or what is in the way."""

    names: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def usable(self) -> bool:
        """Whether a step can be given one."""
        return bool(self.names) and not self.why_not


def find_gpus(engine: Engine | None) -> Gpus:
    """The GPUs that a step can use: in a container of ``engine``, or (None) as a process of this machine."""
    if engine is not None and not engine.endpoint.is_local:
        return Gpus(names=("of the remote engine",)) if _engine_offers(engine) else Gpus(why_not=_NO_TOOLKIT)
    names = _nvidia_smi() or _device_files()
    if not names:
        return Gpus(why_not="this machine shows no NVIDIA GPU (nvidia-smi, /dev/nvidia0)")
    if engine is not None and not _engine_offers(engine):
        return Gpus(names=names, why_not=_NO_TOOLKIT)
    return Gpus(names=names)


def decide(plan: Plan, choice: GpuChoice, engine: Engine | None, report: Report) -> bool:
    """Whether reservations are made. Says loudly (W650) when a step asked for a GPU and gets none; E654 for ``on``."""
    wanting = [task for task in plan.tasks if task.reservation.wants_gpu]
    if not wanting or choice is GpuChoice.OFF:
        return False
    found = find_gpus(engine)
    if found.usable:
        return True
    names = ", ".join(_described(task) for task in wanting)
    what = f"No GPU for {names}"
    if choice is GpuChoice.ON:
        raise fail("E654", NOWHERE, what, why=capital(found.why_not), fix="`--gpu auto` runs without")
    why = f"{'They ask' if len(wanting) > 1 else 'It asks'} for one, but {found.why_not}"
    report.diagnostic(fail("W650", NOWHERE, what, why=why, fix="On the CPU it may be slow, or fail").diagnostic)
    return False


_NO_TOOLKIT = "the Docker engine has no NVIDIA runtime (install nvidia-container-toolkit and restart Docker)"


def _described(task: Task) -> str:
    return f"{task.name} (compute {task.reservation.compute})" if task.reservation.compute else task.name


def _engine_offers(engine: Engine) -> bool:
    try:
        about = get_json(engine.endpoint, "/info", PATIENCE)
    except (OSError, SilentEngineError, ValueError):
        return False
    if not isinstance(about, dict):
        return False
    devices = about.get("DiscoveredDevices") or ()
    if "nvidia" in (about.get("Runtimes") or {}) or any("nvidia.com/gpu" in str(device) for device in devices):
        return True
    search = os.pathsep.join((os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin"))
    return engine.endpoint.is_local and shutil.which(HOOK, path=search) is not None


def _nvidia_smi() -> tuple[str, ...]:
    import subprocess

    command = shutil.which("nvidia-smi")
    if command is None:
        return ()
    try:
        done = subprocess.run(
            [command, "--query-gpu=name", "--format=csv,noheader"], check=False, capture_output=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    text = done.stdout.decode(errors="replace") if done.returncode == 0 else ""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _device_files() -> tuple[str, ...]:
    return tuple(sorted(str(path) for path in Path("/dev").glob("nvidia[0-9]*")))
