"""A web server for tests that does what it is told: breaks off, lies about lengths, redirects, refuses, changes."""

import hashlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One answer. ``length`` is what is announced (None: the truth); it ends after ``breaks`` bytes.

    ``ranges``: whether parts can be asked for, as long as ``If-Range`` fits ``etag``.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    breaks: int | None = None
    etag: str = ""
    ranges: bool = True
    chunked: bool = False


@dataclass
class Seen:
    """One request that came."""

    path: str
    headers: dict[str, str]


class Web:
    """``serve(path, answers...)``: one answer after another, the last one for ever."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.seen: list[Seen] = []
        self._answers: dict[str, list[Answer]] = {}
        self._server = ThreadingHTTPServer((host, 0), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Web":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, path: str, *answers: Answer) -> str:
        """The URL of what is served from now on."""
        self._answers[path] = list(answers)
        return f"{self.url}{path}"

    def answer(self, path: str) -> Answer:
        """The next answer for a path."""
        waiting = self._answers.get(path, [Answer(status=404, body=b"no")])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def asked(self, path: str) -> list[dict[str, str]]:
        """Headers of the requests for a path, in lower case."""
        return [item.headers for item in self.seen if item.path == path]


def etag(body: bytes) -> str:
    """A strong validator of a body."""
    return f'"{hashlib.md5(body).hexdigest()[:8]}"'


def _chosen(answer: Answer, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers: nothing for who has it, a part for who wants one and may have it, else all."""
    more = dict(answer.headers)
    if not answer.etag:
        return answer.status, answer.body, more
    more.setdefault("ETag", answer.etag)
    if asked.get("if-none-match") == answer.etag:
        return 304, b"", more
    start = asked.get("range", "").removeprefix("bytes=").partition("-")[0]
    if not (start and answer.ranges and answer.status == 200 and asked.get("if-range") == answer.etag):
        return answer.status, answer.body, more
    more.setdefault("Content-Range", f"bytes {start}-{len(answer.body) - 1}/{len(answer.body)}")
    return 206, answer.body[int(start) :], more


def _handler(web: Web) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            web.seen.append(Seen(self.path, headers))
            answer = web.answer(self.path)
            status, body, more = _chosen(answer, headers)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if answer.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif status != 304:
                self.send_header("Content-Length", str(len(body) if answer.length is None else answer.length))
            self.end_headers()
            self._body(body, answer)

        def do_HEAD(self) -> None:
            self.send_response(405)  # who asks for the head only has to ask for the whole
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self, body: bytes, answer: Answer) -> None:
            whole = body if answer.breaks is None else body[: answer.breaks]
            if answer.chunked:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(whole), whole) if whole else b"")
                if answer.breaks is None:
                    self.wfile.write(b"0\r\n\r\n")
            else:
                self.wfile.write(whole)
            self.close_connection = True
            self.wfile.flush()
            if answer.breaks is not None:
                self.connection.shutdown(socket.SHUT_RDWR)

    return Handler
