"""A company's servers for tests: a package index that asks for a password, TLS with an authority of its own, a proxy.

Wheels are made here, of a few hundred bytes each. All of it listens on this machine only, and counts who came.
"""

import base64
import contextlib
import hashlib
import http.client
import io
import select
import socket
import ssl
import subprocess
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


def wheel(name: str, version: str = "1.0", needs: tuple[str, ...] = ()) -> bytes:
    """A wheel with one module, ``VERSION`` in it; always the same bytes."""
    info = f"{name}-{version}.dist-info"
    requires = "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), text)
    return packed.getvalue()


@dataclass
class Site:
    """An index at ``/simple`` with ``files``; ``password`` ``name:password``, '' for anybody."""

    files: dict[str, bytes]
    password: str = ""
    host: str = "127.0.0.1"
    certificate: Path | None = None
    """PEM with key and certificate: then it speaks TLS."""
    seen: list[tuple[str, int]] = field(default_factory=list)
    """Path and status of every answer."""

    def __enter__(self) -> "Site":
        self._server = _serve(self.host, _index(self), self.certificate)
        self.port = self._server.server_address[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, credentials: str = "", host: str = "") -> str:
        """Of the index, with what stands before the host."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{credentials + '@' if credentials else ''}{host or self.host}:{self.port}/simple"


class Proxy:
    """A proxy for CONNECT and plain GET; ``password`` as of :class:`Site`. ``seen``: hosts that were asked for."""

    def __init__(self, host: str, password: str = "") -> None:
        self.host, self.password = host, password
        self.seen: list[str] = []
        self.refused = 0

    def __enter__(self) -> "Proxy":
        self._server = _serve(self.host, _tunnel(self), None)
        self.port = self._server.server_address[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def authority(folder: Path, host: str) -> tuple[Path, Path]:
    """A private authority's certificate, and key and certificate of a server ``host`` (an address) that it signed."""
    names = {name: folder / name for name in ("ca.pem", "ca.key", "host.key", "host.csr", "host.pem", "ext")}
    names["ext"].write_text(f"subjectAltName=IP:{host}\n")
    for command in (
        f"req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tests -keyout {names['ca.key']} -out {names['ca.pem']}",
        f"req -newkey rsa:2048 -nodes -subj /CN={host} -keyout {names['host.key']} -out {names['host.csr']}",
        f"x509 -req -in {names['host.csr']} -CA {names['ca.pem']} -CAkey {names['ca.key']} -CAcreateserial -days 30"
        f" -extfile {names['ext']} -out {names['host.pem']}",
    ):
        subprocess.run(["openssl", *command.split()], check=True, capture_output=True)
    both = folder / "server.pem"
    both.write_text(names["host.key"].read_text() + names["host.pem"].read_text())
    return names["ca.pem"], both


def _serve(host: str, handler: type[BaseHTTPRequestHandler], certificate: Path | None) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer((host, 0), handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def _allowed(handler: BaseHTTPRequestHandler, header: str, password: str) -> bool:
    wanted = f"Basic {base64.b64encode(password.encode()).decode()}"
    return not password or handler.headers.get(header) == wanted


def _index(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            if not _allowed(self, "Authorization", site.password):
                self._answer(401, b"", [("WWW-Authenticate", 'Basic realm="tests"')])
                return
            name = self.path.strip("/").rpartition("/")[2]
            if self.path.startswith("/files/") and name in site.files:
                self._answer(200, site.files[name])
                return
            here = [file for file in sorted(site.files) if file.partition("-")[0] == name.replace("-", "_")]
            links = "".join(f'<a href="/files/{file}#sha256={_sha(site.files[file])}">{file}</a>\n' for file in here)
            self._answer(200 if here else 404, f"<!DOCTYPE html><html><body>{links}</body></html>".encode())

        def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None) -> None:
            site.seen.append((self.path, status))
            self.send_response(status)
            for name, value in (*(headers or []), ("Content-Type", "text/html"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

    return Handler


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tunnel(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def _refused(self) -> bool:
            if _allowed(self, "Proxy-Authorization", proxy.password):
                return False
            proxy.refused += 1
            self.send_response(407, "Proxy Authentication Required")
            self.send_header("Proxy-Authenticate", 'Basic realm="tests"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return True

        def do_CONNECT(self) -> None:
            if self._refused():
                return
            host, _, port = self.path.rpartition(":")
            proxy.seen.append(self.path)
            with socket.create_connection((host, int(port)), timeout=10) as there:
                self.send_response(200, "Connection established")
                self.end_headers()
                self.wfile.flush()
                _pump(self.connection, there)
            self.close_connection = True

        def do_GET(self) -> None:
            if self._refused():
                return
            parts = urlsplit(self.path)
            proxy.seen.append(f"{parts.hostname}:{parts.port}")
            connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=10)
            connection.request("GET", parts.path, headers={"Host": parts.netloc})
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until one side ends."""
    ends = {one: other, other: one}
    with contextlib.suppress(ConnectionError):
        while ready := select.select(list(ends), [], [], 10)[0]:
            for end in ready:
                chunk = end.recv(65536)
                if not chunk:
                    return
                ends[end].sendall(chunk)
