"""Is there a Docker engine, where does it listen, which version is it: asked over its socket, without a client library.

An engine is looked for where the ``docker`` command looks: ``DOCKER_HOST``, then the context (``DOCKER_CONTEXT`` or
``currentContext`` of ``~/.docker/config.json``), then the default socket.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlc.hashing import digest_bytes
from mlc.records import dataclass

DEFAULT_SOCKET = "npipe:////./pipe/docker_engine" if os.name == "nt" else "unix:///var/run/docker.sock"
PATIENCE = 3.0
"""Seconds for an engine to answer the first question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an engine listens, and who said so. ``certificates``: folder with ca.pem, cert.pem and key.pem."""

    url: str
    origin: str
    certificates: Path | None = None

    @property
    def scheme(self) -> str:
        """``unix``, ``tcp``, ``ssh``, ``npipe``, ..."""
        return self.url.partition("://")[0]

    @property
    def is_local(self) -> bool:
        """Whether the engine sees this machine's files, so that folders can be mounted."""
        return self.scheme in ("unix", "npipe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An engine that answered. ``version`` as in ``docker version`` (``28.5.2``), ``api`` like ``1.51``."""

    endpoint: Endpoint
    version: str
    api: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEngine:
    """Nothing answered: why, and what a person can do."""

    endpoint: Endpoint
    reason: str
    fix: str


class SilentEngineError(Exception):
    """The engine did not answer a question; the text says why in a person's words."""


def find_engine(environ: Mapping[str, str] | None = None) -> Engine | NoEngine:
    """Look once; at most :data:`PATIENCE` seconds for sockets and TCP, three times that through ``ssh``."""
    env = os.environ if environ is None else environ
    place = endpoint(env)
    try:
        about = get_json(place, "/version") if _speaks_http(place) else _version_by_command(env)
    except PermissionError:
        user = env.get("USER") or "$USER"
        reason = f"you may not open its socket {place.url}"
        return NoEngine(endpoint=place, reason=reason, fix=f"Run `sudo usermod -aG docker {user}` and log in again")
    except FileNotFoundError:
        fix = "Install Docker, or start it (`sudo systemctl start docker`, or Docker Desktop)"
        return NoEngine(endpoint=place, reason=f"there is no {place.url} ({place.origin})", fix=fix)
    except (OSError, SilentEngineError, ValueError) as error:
        fix = "Start it (`sudo systemctl start docker`, or Docker Desktop)"
        if place.origin != "default":
            fix += f", or correct {place.origin}"
        return NoEngine(endpoint=place, reason=f"{place.url} does not answer ({error})", fix=fix)
    if not isinstance(about, dict) or "Version" not in about:
        return NoEngine(endpoint=place, reason=f"what answers at {place.url} is not Docker", fix="Check DOCKER_HOST")
    return Engine(endpoint=place, version=str(about["Version"]), api=str(about.get("ApiVersion", "")))


def endpoint(env: Mapping[str, str]) -> Endpoint:
    """Where the ``docker`` command would look with these environment variables."""
    if host := env.get("DOCKER_HOST"):
        folder = Path(env.get("DOCKER_CERT_PATH") or _config_folder(env)) if env.get("DOCKER_TLS_VERIFY") else None
        return Endpoint(url=host, origin="DOCKER_HOST", certificates=folder)
    name = env.get("DOCKER_CONTEXT") or _read_json(_config_folder(env) / "config.json").get("currentContext") or ""
    if not name or name == "default":
        return Endpoint(url=DEFAULT_SOCKET, origin="default")
    id_ = digest_bytes(str(name).encode())
    contexts = _config_folder(env) / "contexts"
    about = _read_json(contexts / "meta" / id_ / "meta.json").get("Endpoints", {})
    host = about.get("docker", {}).get("Host") if isinstance(about, dict) else None
    certificates = contexts / "tls" / id_ / "docker"
    return Endpoint(
        url=host or DEFAULT_SOCKET,
        origin=f"context {name}",
        certificates=certificates if certificates.is_dir() else None,
    )


def get_json(place: Endpoint, path: str, timeout: float = PATIENCE) -> Any:
    """What the engine says to ``GET path``; None for 404. Else ``OSError`` or :class:`SilentEngineError`."""
    status, body = (_get_local if place.scheme == "unix" else _get_remote)(place, path, timeout)
    if status == 404:
        return None
    if status >= 400:
        raise SilentEngineError(f"{status}: {body.decode(errors='replace').strip()[:300]}")
    return json.loads(body)


def _get_local(place: Endpoint, path: str, timeout: float) -> tuple[int, bytes]:
    """Over a socket of this machine, in HTTP/1.0: ``http.client`` takes longer to load than an engine to answer."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(place.url.removeprefix("unix://"))
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            first = answer.readline(65536)
            words = first.split(None, 2)
            if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
                raise SilentEngineError(f"it does not speak HTTP: {first[:80]!r}")
            size = -1
            while (line := answer.readline(65536)).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length" and value.strip().isdigit():
                    size = int(value)
            return int(words[1]), answer.read(size)


def _get_remote(place: Endpoint, path: str, timeout: float) -> tuple[int, bytes]:
    from http.client import HTTPException

    connection = None
    try:
        connection = _connect(place, timeout)
        connection.request("GET", path, headers={"Host": "docker"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except HTTPException as error:
        raise SilentEngineError(f"it does not speak HTTP: {error!r}") from error
    finally:
        if connection is not None:
            connection.close()


def _speaks_http(place: Endpoint) -> bool:
    return place.scheme in ("unix", "tcp", "http", "https")


def _connect(place: Endpoint, timeout: float) -> Any:
    from http.client import HTTPConnection, HTTPSConnection

    host = place.url.partition("://")[2].rstrip("/")
    if place.certificates is None and place.scheme != "https":
        return HTTPConnection(host, timeout=timeout)
    import ssl

    context = ssl.create_default_context()
    if place.certificates is not None:
        context.load_verify_locations(place.certificates / "ca.pem")
        context.load_cert_chain(place.certificates / "cert.pem", place.certificates / "key.pem")
    return HTTPSConnection(host, timeout=timeout, context=context)


def _version_by_command(env: Mapping[str, str]) -> Any:
    """For ssh and named pipes, which only the command speaks."""
    import subprocess

    try:
        done = subprocess.run(
            ["docker", "version", "--format", "{{json .Server}}"],
            check=False,
            env=dict(env),
            capture_output=True,
            timeout=3 * PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        raise SilentEngineError("no answer in time") from error
    except FileNotFoundError as error:
        raise SilentEngineError("there is no `docker` command to reach it with") from error
    if done.returncode:
        raise SilentEngineError(done.stderr.decode(errors="replace").strip()[:300])
    return json.loads(done.stdout)


def _config_folder(env: Mapping[str, str]) -> Path:
    return Path(env.get("DOCKER_CONFIG") or Path(env.get("HOME") or Path.home()) / ".docker")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
