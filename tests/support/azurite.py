"""A real server of Azure's blob storage for the tests: azurite, installed by npm into a folder of its own."""

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

from tests.support import npm

VERSION = "3.35.0"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that everybody's azurite has; its key is published."""


class NoAzuriteError(Exception):
    """There is none and none can be had here; the text says why."""


@dataclass(frozen=True)
class Azurite:
    """A server that listens at ``host``, which containers may know by another name."""

    port: int
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Of the account."""
        return f"http://{self.host}:{self.port}/{ACCOUNT}"

    @property
    def connection(self) -> str:
        """What AZURE_STORAGE_CONNECTION_STRING has to be."""
        return f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={self.url}"

    def container(self, name: str, blobs: Mapping[str, bytes], *, public: bool = True) -> str:
        """Make a container; its URL."""
        self._put(f"/{name}", "?restype=container", b"", {"x-ms-blob-public-access": "container"} if public else {})
        for path, body in blobs.items():
            self.blob(name, path, body)
        return f"{self.url}/{name}"

    def blob(self, container: str, path: str, body: bytes) -> None:
        """Put a blob there."""
        self._put(f"/{container}/{quote(path)}", "", body, {"x-ms-blob-type": "BlockBlob"})

    def read(self, container: str, path: str) -> bytes:
        """What a blob holds."""
        return self._call("GET", f"/{container}/{quote(path)}", "", b"", {})

    def _put(self, path: str, query: str, body: bytes, headers: dict[str, str]) -> None:
        self._call("PUT", path, query, body, headers)

    def _call(self, method: str, path: str, query: str, body: bytes, headers: dict[str, str]) -> bytes:
        """A signed request, as the storage's REST interface wants it: no SDK stands between test and server."""
        headers = headers | {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        ours = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
        asked = "".join(f"\n{part.replace('=', ':')}" for part in query.lstrip("?").split("&") if part)
        length = str(len(body)) if body else ""
        kind = "application/octet-stream" if body else ""
        text = f"{method}\n\n\n{length}\n\n{kind}\n\n\n\n\n\n\n{ours}/{ACCOUNT}/{ACCOUNT}{path}{asked}"
        digest = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
        if kind:
            headers["Content-Type"] = kind
        url = f"http://127.0.0.1:{self.port}/{ACCOUNT}{path}{query}"
        request = urllib.request.Request(url, data=body or None, headers=headers, method=method)
        if method == "PUT" and not body:
            request.add_header("Content-Length", "0")
        with urllib.request.urlopen(request, timeout=30) as answer:
            read: bytes = answer.read()
            return read


@contextmanager
def running(folder: Path, host: str = "127.0.0.1") -> Iterator[Azurite]:
    """A server of the block's own, which forgets all at the end."""
    # It ends with this process, however that ends.
    tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    command = [*tied, _program(), "--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    command += ["--blobHost", host, "--blobPort", "0"]
    environment = os.environ | {"PATH": npm.path()}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment
    ) as process:
        assert process.stdout is not None
        late = threading.Timer(60, process.kill)
        late.start()
        try:
            said = ""
            for line in process.stdout:
                said += line
                if match := re.search(r"listens on http://[^:]+:(\d+)", line):
                    late.cancel()
                    yield Azurite(port=int(match[1]))
                    return
            raise NoAzuriteError(f"azurite ended: {said}")
        finally:
            late.cancel()
            process.kill()


def _program() -> str:
    try:
        return str(npm.package("azurite", VERSION) / "node_modules" / ".bin" / "azurite-blob")
    except npm.NoPackageError as problem:
        raise NoAzuriteError(str(problem)) from problem
