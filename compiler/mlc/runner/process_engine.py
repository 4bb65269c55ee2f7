"""Runs steps as plain processes, for machines without Docker: same launcher, same folders below ``MLC_ROOT``.

Everything lies in ``<bundle>/.mlc/process``: a folder per task, ``<task>/outputs/<port>`` being the volume of that
output; ``mlc-state`` and ``mlc-mlflow`` (no task's name has a hyphen). Inputs are symbolic links into those.
"""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlc.config.network import NOTHING_SET, Network
from mlc.diagnostics import NOWHERE, fail
from mlc.images.children import Child, Children
from mlc.images.report import Report
from mlc.images.site import step_variables
from mlc.images.uses import note_use
from mlc.images.words import capital
from mlc.ir.plan import Plan, Reservation
from mlc.runner.environments import Ready, ready
from mlc.runner.locked import for_this_machine
from mlc.runner.steps import Step

_NOT_FOR_STEPS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "UV", "BASH_ENV", "ENV")
"""Of our own environment: what would change which Python and packages a step sees."""


def process_folder(bundle: Path) -> Path:
    """Where a bundle's steps leave their outputs when they run as processes."""
    return bundle / ".mlc" / "process"


def output_folder(bundle: Path, task: str, port: str) -> Path:
    """The folder that stands for the volume of an output."""
    return process_folder(bundle) / task / "outputs" / port


class ProcessEngine:
    """See the module."""

    name = "process"

    def __init__(self, bundle: Path, network: Network = NOTHING_SET) -> None:
        if os.name != "posix":
            why = "Steps need a POSIX shell; without Docker that is Linux, macOS or WSL"
            raise fail("E655", NOWHERE, "Steps cannot run as processes here", why=why, fix="Start Docker Desktop")
        self._network = network
        self._variables = step_variables(network)
        self._bundle = bundle.absolute()
        self._root = process_folder(self._bundle)
        self._children = Children()
        self._environments: dict[str, Ready] = {}
        self._volumes: dict[str, Path] = {}

    def prepare(self, plan: Plan, report: Report) -> None:
        """Make the environments of the plan's images, one after another (uv itself works in parallel)."""
        for name in ("mlc-state", "mlc-mlflow"):
            self._volumes[name] = self._root / name
            self._volumes[name].mkdir(parents=True, exist_ok=True)
        for task in plan.tasks:
            for output in task.outputs:
                self._volumes[output.volume] = output_folder(self._bundle, task.name, output.name)
        for image in plan.images:
            fitting = for_this_machine(plan, image, report)
            self._environments[image.name] = found = ready(fitting, self._children, report, self._network)
            if found.variables:
                # Of its own, <cache>/environments/<name>/env/bin: not this machine's Python.
                note_use(found.path[0].parents[1].name, image, self._bundle)

    def start(self, step: Step) -> "RunningChild":
        """Lay out the step's folder and start the launcher in it."""
        root = self._root / step.task.name
        try:
            self._lay_out(root, step)
            launcher = self._bundle / "runtime" / "launch.sh"
            env = _environment(step, self._environments[step.task.image], root, self._variables)
            child = self._children.start(["/bin/sh", str(launcher)], cwd=root, env=env, polite=signal.SIGTERM)
        except InterruptedError:
            raise
        except (OSError, ValueError) as error:
            raise fail("E660", NOWHERE, f"Step {step.task.name} cannot be started", why=capital(str(error))) from error
        return RunningChild(self._children, child)

    def close(self) -> None:
        """Stop what still runs."""
        self._children.stop()

    def _lay_out(self, root: Path, step: Step) -> None:
        """``root`` as the launcher wants it: what earlier runs linked is linked anew, outputs stay as they are."""
        for name in ("inputs", "values", "components", "work"):
            shutil.rmtree(root / name, ignore_errors=True)
        (root / "work").mkdir(parents=True)
        _link(root / "runtime", self._bundle / "runtime")
        _link(root / "components", self._bundle / "components")
        for place in step.places:
            target = root / place.target
            source = self._volumes[place.source] if isinstance(place.source, str) else place.source
            if place.target.startswith("outputs/"):
                target.mkdir(parents=True, exist_ok=True)
            else:
                _link(target, source)


def _link(target: Path, source: Path) -> None:
    """A symbolic link instead of one that an earlier run left; every run makes its own, so bundles can be moved."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.is_file():
        target.unlink()
    target.symlink_to(source)


class RunningChild:
    """A step's process group."""

    def __init__(self, children: Children, child: Child) -> None:
        self._children, self._child = children, child

    def lines(self) -> Iterator[bytes]:
        """Its output, both streams as one."""
        return self._child.lines()

    def wait(self) -> int:
        """Its exit code; 128 + the signal's number if one ended it."""
        code = self._child.wait()
        self._children.forget(self._child)
        return code if code >= 0 else 128 - code

    def stop(self) -> None:
        """Ask it to end, and make it after a while."""
        self._child.signal()
        self._child.end()


def visible_devices(reservation: Reservation, *, gpu: bool) -> str | None:
    """``CUDA_VISIBLE_DEVICES`` for a step: what a container with the same reservation would see. None: all."""
    if not gpu:
        return ""
    if reservation.device_ids:
        return ",".join(reservation.device_ids)
    return None if reservation.gpus < 0 else ",".join(str(number) for number in range(reservation.gpus))


def _environment(step: Step, made: Ready, root: Path, site: Mapping[str, str]) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not _ours(name)} | dict(site)
    env["PATH"] = os.pathsep.join([*map(str, made.path), env.get("PATH", os.defpath)])
    env |= {"PWD": str(root), "PYTHONUNBUFFERED": "1"}
    env |= dict(made.variables)
    devices = visible_devices(step.task.reservation, gpu=step.gpu)
    if devices is not None:
        env["CUDA_VISIBLE_DEVICES"] = devices
    return env | _plain(step.environment) | {"MLC_ROOT": str(root), "MLC_WORK": str(root / "work")}


def _ours(name: str) -> bool:
    return name in _NOT_FOR_STEPS or name.startswith(("MLC_", "MLFLOW_", "AZUREML_", "AZURE_ML_"))


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    for name, value in environment.items():
        if "\0" in value or "\0" in name:
            raise ValueError(f"the variable {name!r} holds a null character")
    return dict(environment)
