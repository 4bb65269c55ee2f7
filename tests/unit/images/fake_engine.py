"""A Docker engine that answers from a dictionary, on a socket of its own, and notes what it is told to remove."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

KEY = "aaaaaaaaaaaa" + "0" * 52


class FakeEngine:
    """``images``: by ID what an engine says of them; ``removed``: names, in the order of the requests."""

    def __init__(self) -> None:
        self.images: dict[str, dict[str, Any]] = {}
        self.containers: list[dict[str, Any]] = []
        self.refusals: dict[str, str] = {}
        self.removed: list[str] = []

    def add(self, name: str, layers: list[tuple[str, int]], tags: list[str], **more: Any) -> str:
        """An image of ours, unless ``key`` is ''; layers are (diff ID, bytes), the lowest first."""
        key, id_ = more.get("key", KEY), f"sha256:{name}{'0' * (64 - len(name))}"
        labels = {"io.mlc.environment.key": key, "io.mlc.pipeline": "p", "io.mlc.environment": name} if key else {}
        history = [{"CreatedBy": f"RUN {diff} # buildkit", "Size": size} for diff, size in layers]
        if key:
            history += [{"CreatedBy": "USER 1000:1000", "Size": 0}]
            history += [{"CreatedBy": f"LABEL io.mlc.pipeline=p io.mlc.environment.key={key}", "Size": 0}]
        history += [{"CreatedBy": command, "Size": 0} for command in more.get("then", ())]
        self.images[id_] = {
            "Id": id_,
            "RepoTags": tags,
            "RepoDigests": more.get("digests", []),
            "Created": more.get("created", "2026-01-01T00:00:00.123456789Z"),
            "Metadata": {"LastTagTime": "0001-01-01T00:00:00Z"},
            "RootFS": {"Type": "layers", "Layers": [diff for diff, _ in layers]},
            "Labels": labels or None,
            "History": list(reversed(history)),
        }
        return id_

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        """Status and body."""
        path = unquote(path.partition("?")[0])
        path = "/" + path.split("/", 2)[2] if path.startswith("/v1.") else path
        if path == "/version":
            return 200, {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24"}
        if path == "/containers/json":
            return 200, self.containers
        if path == "/images/json":
            return 200, list(self.images.values())
        name = path.removeprefix("/images/").removesuffix("/json").removesuffix("/history")
        found = next((one for one in self.images.values() if name == one["Id"] or name in one["RepoTags"]), None)
        if found is None:
            return 404, {"message": f"No such image: {name}"}
        if method == "DELETE":
            if name in self.refusals:
                return 409, {"message": self.refusals[name]}
            self.removed.append(name)
            return 200, []
        return 200, found["History"] if path.endswith("/history") else found

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Answer at a socket; the value of DOCKER_HOST."""
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self) -> None:
                status, body = engine.answer(self.command, self.path)
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_DELETE = reply

            def address_string(self) -> str:
                return "client"

            def log_message(self, *_: object) -> None:
                pass

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

        # The path of a socket has at most 107 characters: no test's own folder is as short as that.
        with TemporaryDirectory(prefix="mlc-", dir="/tmp") as folder, Server(f"{folder}/s", Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            try:
                yield f"unix://{folder}/s"
            finally:
                server.shutdown()
