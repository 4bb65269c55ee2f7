"""A real Docker engine for the tests: found if one answers, else brought up on a bare Debian 12 machine, as root.

``python -m tests.support.engine up [old|new]`` leaves the daemon running and prints the settings with which to reach
it. OLD listens where clients look by default; NEW has its own socket and folders and runs beside it. A second call
finds the daemon up and returns at once; pid files that a reboot left behind do not matter.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import network, packages

HOME = Path("/var/lib/mlc-engine")
"""Holds the unpacked NEW pair, its images, the logs and the stand-in for NVIDIA's hook."""

PATIENCE = 60.0
"""Seconds for a daemon to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A daemon that answers, and the variables with which a client of the same age reaches it."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """The whole environment of a client's process."""
        return {**os.environ, **self.environment}

    def docker(self, *arguments: str, check: bool = True, **options: object) -> "subprocess.CompletedProcess[str]":
        """Run ``docker ARGUMENTS`` against this engine; output is captured as text."""
        settings: dict[str, object] = {"env": self.variables(), "capture_output": True, "text": True} | options
        done: subprocess.CompletedProcess[str] = subprocess.run(["docker", *arguments], check=False, **settings)  # type: ignore[call-overload]
        if check and done.returncode:
            raise RuntimeError(f"docker {' '.join(arguments)} ({self.name}): {done.stdout}{done.stderr}")
        return done

    def answers(self) -> bool:
        """Whether the daemon is up and the client has Compose and buildx."""
        try:
            probes = (("info", "--format", "{{.ServerVersion}}"), ("compose", "version"), ("buildx", "version"))
            return all(self.docker(*probe, check=False, timeout=20).returncode == 0 for probe in probes)
        except (FileNotFoundError, subprocess.TimeoutExpired):
            return False


class NoEngineError(Exception):
    """No engine answers and none can be had here; the text says why."""


def default() -> Engine:
    """The engine that a plain ``docker`` reaches: the user's own where one answers, else OLD, brought up."""
    engine = Engine(name="default")
    if engine.answers():
        return engine
    return old()


def old() -> Engine:
    """Engine 20.10 with Compose 2.26 and buildx 0.13 at the default socket."""
    engine = Engine(name="old", environment={"DOCKER_HOST": "unix:///var/run/docker.sock"})
    if engine.answers():
        return engine
    with alone():
        packages.install_old()
        # Another process may have started it meanwhile, or only Compose or buildx were missing.
        if not engine.answers():
            run = Path("/var/run")
            _start(_Daemon(name="old", path=os.environ["PATH"], run=run / "docker", pid=run / "docker.pid"))
            _wait(engine)
    return engine


def new() -> Engine:
    """Engine 28 with Compose 2.40 and buildx 0.29 at a socket of its own."""
    root, own = HOME / "new" / "root", HOME / "new"
    run = Path("/run/mlc-engine-new")
    path = f"{root}/usr/bin:{root}/usr/sbin:{os.environ['PATH']}"
    engine = Engine(
        name="new",
        environment={"DOCKER_HOST": f"unix://{run}/docker.sock", "DOCKER_CONFIG": f"{own}/config", "PATH": path},
    )
    if root.is_dir() and engine.answers():
        return engine
    with alone():
        if not (root.is_dir() and engine.answers()):
            packages.install_old()  # runc, iptables: the unpacked pair has none of its own
            packages.unpack_new(root)
            _link_plugins(root, own / "config" / "cli-plugins")
            run.mkdir(parents=True, exist_ok=True)
            network.prepare()
            arguments = (
                f"--data-root={own}/data",
                f"--exec-root={run}/exec",
                f"--host=unix://{run}/docker.sock",
                "--feature=containerd-snapshotter=true",
            )
            pid = run / "docker.pid"
            _start(_Daemon(name="new", path=path, run=run / "exec", pid=pid, wrap=network.INSIDE, arguments=arguments))
            _wait(engine)
    return engine


@contextmanager
def fresh(folder: Path, like: Engine) -> Iterator[Engine]:
    """A machine that has never seen an image: programs as of ``like``, an empty store in ``folder``, no network.

    Only what listens on localhost of the namespace :data:`network.LONELY` is reached.
    """
    network.prepare_lonely()
    folder.mkdir(parents=True, exist_ok=True)
    run = Path("/run") / network.LONELY
    run.mkdir(exist_ok=True)
    engine = Engine(
        name=network.LONELY,
        environment={**like.environment, "DOCKER_HOST": f"unix://{run}/docker.sock"},
    )
    arguments = (
        f"--data-root={folder}/data",
        f"--exec-root={run}/exec",
        f"--host=unix://{run}/docker.sock",
        "--iptables=false",
        *(("--feature=containerd-snapshotter=true",) if like.name == "new" else ()),
    )
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        daemon = _Daemon(
            name=network.LONELY,
            path=like.variables()["PATH"],
            run=run / "exec",
            pid=run / "docker.pid",
            wrap=network.INSIDE_LONELY,
            arguments=arguments,
        )
        process = _start(daemon)
        try:
            _wait(engine)
            yield engine
        finally:
            process.terminate()
            process.wait(PATIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Daemon:
    name: str
    path: str
    run: Path
    """dockerd's --exec-root."""
    pid: Path
    wrap: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


def _start(daemon: _Daemon) -> "subprocess.Popen[bytes]":
    """Start dockerd by hand (a bare machine has no init), apart from this process, with its log in a file."""
    hooks = HOME / "hooks"
    hooks.mkdir(parents=True, exist_ok=True)
    # With a hook of this name on its PATH dockerd registers its real NVIDIA device driver: reservations can be
    # tested without a GPU.
    hook = hooks / "nvidia-container-runtime-hook"
    hook.write_text("#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    environment = os.environ | {"PATH": f"{hooks}:{daemon.path}:/usr/sbin:/sbin"}
    dockerd = shutil.which("dockerd", path=environment["PATH"])
    if dockerd is None:
        raise NoEngineError("dockerd is not on PATH although its package is installed")
    _forget_stale(daemon.pid, "dockerd")
    _forget_stale(daemon.run / "containerd" / "containerd.pid", "containerd")
    with (HOME / f"{daemon.name}.log").open("ab") as log:
        return subprocess.Popen(
            [*daemon.wrap, dockerd, f"--pidfile={daemon.pid}", *daemon.arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )


def _forget_stale(pid: Path, program: str) -> None:
    """Remove a pid file whose process is gone, a zombie or another program by now: a daemon would refuse to start."""
    try:
        # 123 (dockerd) S ...
        _, name, state = Path(f"/proc/{int(pid.read_text())}/stat").read_text().split()[:3]
    except (OSError, ValueError):
        name, state = "", "Z"
    if state in "ZX" or name != f"({program})":
        pid.unlink(missing_ok=True)


def _wait(engine: Engine) -> None:
    end = time.monotonic() + PATIENCE
    while not engine.answers():
        if time.monotonic() > end:
            log = (HOME / f"{engine.name}.log").read_text(errors="replace")
            raise NoEngineError(f"dockerd ({engine.name}) did not answer within {PATIENCE:.0f} s:\n{log[-3000:]}")
        time.sleep(0.2)


def _link_plugins(root: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for plugin in (root / "usr/libexec/docker/cli-plugins").iterdir():
        link = folder / plugin.name
        link.unlink(missing_ok=True)
        link.symlink_to(plugin)


@contextmanager
def alone() -> Iterator[None]:
    """Only one process of the machine installs and starts; refuses where that cannot work."""
    if (reason := packages.why_not()) is not None:
        raise NoEngineError(reason)
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


ENGINES = {"default": default, "old": old, "new": new}


def main(arguments: list[str]) -> int:
    """``up [default|old|new]``: print ``export`` lines for the engine; 1 with the reason if there is none."""
    match arguments:
        case ["up"]:
            name = "default"
        case ["up", name] if name in ENGINES:
            pass
        case _:
            print("usage: python -m tests.support.engine up [default|old|new]", file=sys.stderr)
            return 2
    try:
        engine = ENGINES[name]()
    except NoEngineError as error:
        print(error, file=sys.stderr)
        return 1
    for variable, value in engine.environment.items():
        print(f"export {variable}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
