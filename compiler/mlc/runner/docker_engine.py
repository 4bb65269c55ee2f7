"""Runs steps in containers through the Docker API, with the images, mounts and launcher that Compose uses too.

Volumes have the names and labels that Compose would give them, so that `docker compose up` after `mlc run` finds
every result and runs nothing again, and the other way round.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlc.diagnostics import NOWHERE, fail
from mlc.images.children import split_lines
from mlc.images.client import connect
from mlc.images.engine import Engine
from mlc.images.options import BuildOptions
from mlc.images.report import Report
from mlc.images.site import step_variables
from mlc.images.words import capital
from mlc.ir.plan import Plan, Reservation
from mlc.render.launch import MLFLOW_VOLUME, STATE_VOLUME
from mlc.runner.options import RunOptions
from mlc.runner.steps import Step

if TYPE_CHECKING:
    from docker.models.containers import Container

LABEL = "mlc.pipeline"
CA = "/run/secrets/mlc-ca"
"""Where steps see the authorities that the site trusts, as in services of compose.yaml."""
STOP_SECONDS = 30
"""As ``stop_grace_period`` in compose.yaml."""


def volume_name(project: str, volume: str) -> str:
    """The name of a volume of the plan in the engine, as Compose makes it."""
    return f"{project}_{volume}"


class DockerEngine:
    """See the module. ``run_id`` goes into the containers' names; ``keep_failed`` leaves failed ones to look into."""

    name = "docker"

    def __init__(self, bundle: Path, engine: Engine, run_id: str, options: RunOptions) -> None:
        self._bundle, self._engine, self._options = bundle, engine, options
        self._run, self._user, self._keep_failed = run_id, options.user, options.keep_failed
        self._network = step_variables(options.network, ca=CA)
        self._client = connect(engine.endpoint)
        self._plan: Plan | None = None
        self._report: Report | None = None
        self._lock = threading.Lock()
        self._closed = False

    def prepare(self, plan: Plan, report: Report) -> None:
        """Build missing images, remove containers that an earlier run left, make the volumes."""
        from mlc.images.builder import build

        build(plan, self._bundle, report, self._engine, BuildOptions(site=self._options.network))
        self._plan, self._report = plan, report
        with _words("The volumes cannot be made", "E652"):
            for left in self._client.containers.list(all=True, filters={"label": f"{LABEL}={plan.name}"}):
                if left.status != "running":
                    left.remove(force=True)
            outputs = [output.volume for task in plan.tasks for output in task.outputs]
            for volume in (*outputs, STATE_VOLUME, MLFLOW_VOLUME):
                self._client.volumes.create(volume_name(plan.name, volume), labels=_labels(plan.name, volume))

    def start(self, step: Step) -> "RunningContainer":
        """Create and start the step's container, with its output attached from the first byte."""
        assert self._plan is not None
        with _words(f"Step {step.task.name} cannot be started", "E660"):
            container = self._client.containers.create(**self._settings(self._plan, step))
            running = RunningContainer(container, keep_failed=self._keep_failed)
            try:
                with self._lock:
                    if self._closed:
                        raise InterruptedError("stopping")
                    running.start()
            except BaseException:
                container.remove(force=True)
                raise
        return running

    def close(self) -> None:
        """No step starts any more. The connection stays open for those that still run."""
        with self._lock:
            self._closed = True

    def _settings(self, plan: Plan, step: Step) -> dict[str, Any]:
        """Arguments of ``containers.create``; the same as a service of compose.yaml has."""
        asked = step.task.reservation
        settings: dict[str, Any] = {
            "image": plan.image(step.task.image).reference,
            "platform": plan.platform,
            "entrypoint": ["/bin/sh", "/mlc/runtime/launch.sh"],
            "name": f"{plan.name}-{step.task.name}-{self._run}-{os.urandom(2).hex()}",
            "environment": self._network | dict(step.environment),
            "labels": {LABEL: plan.name, "mlc.step": step.task.name, "mlc.run": self._run},
            "user": self._user,
            "mounts": _mounts(plan.name, step, self._options.network.ca_bundle),
            "init": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
        }
        if asked.cpus:
            settings["nano_cpus"] = int(asked.cpus * 1e9)
        if asked.memory:
            settings["mem_limit"] = asked.memory
        if asked.shm_size:
            settings["shm_size"] = asked.shm_size
        if step.gpu:
            settings["device_requests"] = [_device_request(asked)]
        return settings


class RunningContainer:
    """One step's container; it is removed when it has ended, unless it failed and is to be kept."""

    def __init__(self, container: "Container", *, keep_failed: bool) -> None:
        self._container = container
        self._keep_failed = keep_failed
        self._stream: Iterator[bytes] = iter(())
        self.kept: str | None = None
        """Name of the container, if it was left there."""

    def start(self) -> None:
        """Attach, then start: nothing of the output is missed."""
        self._stream = self._container.attach(stream=True, stdout=True, stderr=True)
        self._container.start()

    def lines(self) -> Iterator[bytes]:
        """Its output, both streams as one."""
        return split_lines(lambda: next(self._stream, b""))

    def wait(self) -> int:
        """Its exit code; 137 also if the memory limit killed it."""
        with _words("The engine lost a container", "E652"):
            code = int(self._container.wait()["StatusCode"])
            if code and self._keep_failed:
                self.kept = self._container.name
            else:
                self._container.remove(force=True)
            return code

    def stop(self) -> None:
        """Ask it to end, and make it after a while; nothing if it has ended."""
        from docker.errors import APIError

        with contextlib.suppress(APIError):
            self._container.stop(timeout=STOP_SECONDS)


def _labels(project: str, volume: str) -> dict[str, str]:
    """What Compose looks for before it takes a volume for its own. No hash of its settings: then it compares none."""
    return {
        "com.docker.compose.project": project,
        "com.docker.compose.volume": volume,
        "com.docker.compose.version": "2.20.0",
    }


def _mounts(project: str, step: Step, authorities: Path | None) -> list[Any]:
    from docker.types import Mount

    trusted = [Mount(type="bind", source=str(authorities), target=CA, read_only=True)] if authorities else []
    return trusted + [
        Mount(
            type="volume" if isinstance(place.source, str) else "bind",
            source=volume_name(project, place.source) if isinstance(place.source, str) else str(place.source),
            target=f"/mlc/{place.target}",
            read_only=place.read_only,
        )
        for place in step.places
    ]


def _device_request(asked: Reservation) -> Any:
    from docker.types import DeviceRequest

    if asked.device_ids:
        return DeviceRequest(driver="nvidia", device_ids=list(asked.device_ids), capabilities=[["gpu"]])
    return DeviceRequest(driver="nvidia", count=asked.gpus, capabilities=[["gpu"]])


@contextlib.contextmanager
def _words(what: str, code: str) -> Iterator[None]:
    """What the engine refuses, as a diagnostic instead of a traceback."""
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except (DockerException, RequestException) as error:
        why = str(getattr(error, "explanation", None) or error)
        raise fail(code, NOWHERE, what, why=capital(why), fix=_fix(why)) from error


def _fix(why: str) -> str:
    if "could not select device driver" in why:
        return "The engine has no NVIDIA driver: `mlc run --gpu off`, or install nvidia-container-toolkit"
    if "CPUs" in why:
        return "Lower `cpus` of the compute in mlc.toml"
    return ""
