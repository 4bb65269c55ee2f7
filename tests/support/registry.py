"""A real registry for the tests: Debian's ``docker-registry`` on a free port of localhost, with a folder of its own.

Engines accept a registry on localhost without TLS. An engine in a network namespace has another localhost: there a
door listens on the same port and hands every connection on.
"""

import ctypes
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support import packages
from tests.support.engine import alone

_CONFIGURATION = """\
version: 0.1
log: {{ level: info, accesslog: {{ disabled: false }} }}
storage:
  filesystem: {{ rootdirectory: {folder}/data }}
  delete: {{ enabled: true }}
http: {{ addr: 127.0.0.1:{port} }}
{more}
"""
_AUTH = "auth: {{ htpasswd: {{ realm: tests, path: {folder}/users }} }}\n"
USER, PASSWORD = "tester", "not-a-secret"
_PATIENCE = 20.0
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """``name`` (``localhost:PORT``) is what images' names begin with; ``log`` has a line per request."""

    name: str
    port: int
    folder: Path

    def requests(self, method: str = "[A-Z]+") -> list[str]:
        """``GET /v2/...`` of every request until now."""
        text = (self.folder / "log").read_text(errors="replace")
        return [f"{verb} {path}" for verb, path in re.findall(rf'"({method}) (/v2/\S*) HTTP', text)]

    def tags(self, repository: str) -> set[str]:
        """What the repository has, read from the registry's own folder."""
        folder = self.folder / "data/docker/registry/v2/repositories" / repository / "_manifests/tags"
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@contextmanager
def registry(folder: Path, *, users: bool = False, namespaces: tuple[str, ...] = ()) -> Iterator[Registry]:
    """One that runs while the block does. ``users``: only :data:`USER` may do anything.

    ``namespaces``: names of network namespaces that reach it under the same name.
    """
    _install()
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    (folder / "users").write_text(_htpasswd())
    more = _AUTH.format(folder=folder) if users else ""
    (folder / "config.yml").write_text(_CONFIGURATION.format(folder=folder, port=port, more=more))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=subprocess.STDOUT
        )
    doors = [_Door(namespace, port) for namespace in namespaces]
    try:
        _wait(port, process, folder / "log")
        yield Registry(name=f"localhost:{port}", port=port, folder=folder)
    finally:
        for door in doors:
            door.close()
        process.terminate()
        process.wait()


def _install() -> None:
    if shutil.which("docker-registry") and shutil.which("htpasswd"):
        return
    with alone():
        packages.install("docker-registry", "apache2-utils")


def _htpasswd() -> str:
    command = ["htpasswd", "-B", "-b", "-n", "-C", "4", USER, PASSWORD]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    raise RuntimeError(f"docker-registry does not answer: {log.read_text(errors='replace')[-2000:]}")


class _Door:
    """Listens on localhost of another network namespace; each connection goes on to the same port here."""

    def __init__(self, namespace: str, port: int) -> None:
        self._port = port
        made: list[socket.socket] = []
        entering = threading.Thread(target=lambda: made.append(_listening(namespace, port)))
        entering.start()  # a thread enters a namespace alone; its socket stays there
        entering.join()
        (self._socket,) = made
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                inside, _ = self._socket.accept()
                outside = socket.create_connection(("127.0.0.1", self._port))
                for ends in ((inside, outside), (outside, inside)):
                    threading.Thread(target=_hand_on, args=ends, daemon=True).start()


def _listening(namespace: str, port: int) -> socket.socket:
    descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"network namespace {namespace}")
    finally:
        os.close(descriptor)
    return socket.create_server(("127.0.0.1", port))


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
