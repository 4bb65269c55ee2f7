import json
import os
import socket
import threading
from pathlib import Path

import pytest

from mlc.images.engine import Endpoint, Engine, NoEngine, SilentEngineError, endpoint, find_engine, get_json


def serve(path: Path, answer: bytes, times: int = 1) -> None:
    """A socket at ``path`` that gives ``answer`` to whatever is asked."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def body() -> None:
        for _ in range(times):
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)
        server.close()

    threading.Thread(target=body, daemon=True).start()


def http(body: object, status: str = "200 OK") -> bytes:
    text = json.dumps(body).encode()
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(text), text)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # socket paths are short
    return Path("s")


def env(path: Path) -> dict[str, str]:
    return {"DOCKER_HOST": f"unix://{path}"}


def test_an_engine_that_answers(place):
    serve(place, http({"Version": "28.5.2", "ApiVersion": "1.51"}))
    found = find_engine(env(place))
    assert isinstance(found, Engine)
    assert (found.version, found.api) == ("28.5.2", "1.51")
    assert found.endpoint.is_local


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http({"hello": 1}), "is not Docker"),
        (http([]), "is not Docker"),
        (b"SSH-2.0\r\n", "does not answer"),
        (b"", "does not answer"),
        (http({"message": "no"}, "500 Oh"), "does not answer (500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{{{", "does not answer"),
        (http(None, "404 Not Found"), "is not Docker"),
    ],
)
def test_something_else_that_answers(place, answer, words):
    serve(place, answer)
    found = find_engine(env(place))
    assert isinstance(found, NoEngine)
    assert words in found.reason


def test_no_socket(place):
    found = find_engine(env(place))
    assert isinstance(found, NoEngine)
    assert "there is no unix://s (DOCKER_HOST)" in found.reason
    assert "start" in found.fix


def test_a_socket_that_nobody_listens_at(place):
    socket.socket(socket.AF_UNIX).bind(str(place))
    found = find_engine(env(place))
    assert isinstance(found, NoEngine)
    assert "refused" in found.reason
    assert "DOCKER_HOST" in found.fix


def test_a_socket_that_may_not_be_opened(place, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = find_engine(env(place) | {"USER": "ann"})
    assert isinstance(found, NoEngine)
    assert "usermod -aG docker ann" in found.fix


def test_an_engine_that_is_silent(place):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(place))
    server.listen()
    with pytest.raises(OSError, match="timed out"):
        get_json(Endpoint(url="unix://s", origin="test"), "/version", timeout=0.05)


def test_404_is_none_and_other_errors_are_words(place):
    serve(place, http({}, "404 Not Found"))
    assert get_json(Endpoint(url="unix://s", origin="test"), "/images/x/json") is None
    place.unlink()
    serve(place, http({"message": "boom"}, "500 Oh"))
    with pytest.raises(SilentEngineError, match="boom"):
        get_json(Endpoint(url="unix://s", origin="test"), "/images/x/json")


def test_the_context_is_honoured_as_the_docker_command_does(tmp_path):
    folder = "00e13ed7af55b27622f1d6eab5bec0147e68efe28dc2b12461117afa1a5ed40e"  # echo -n work | sha256sum
    meta = tmp_path / "contexts" / "meta" / folder / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": "work", "Endpoints": {"docker": {"Host": "ssh://ann@box"}}}))
    (tmp_path / "config.json").write_text('{"currentContext": "work"}')
    settings = {"DOCKER_CONFIG": str(tmp_path)}
    assert endpoint(settings).url == "ssh://ann@box"
    assert not endpoint(settings).is_local
    assert endpoint(settings | {"DOCKER_CONTEXT": "default"}).url == "unix:///var/run/docker.sock"
    assert endpoint(settings | {"DOCKER_HOST": "tcp://10.0.0.1:2375"}).url == "tcp://10.0.0.1:2375"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"currentContext": 7}'])
def test_a_broken_client_configuration_is_no_traceback(tmp_path, text):
    (tmp_path / "config.json").write_text(text)
    assert endpoint({"DOCKER_CONFIG": str(tmp_path)}).url == "unix:///var/run/docker.sock"


def test_an_engine_behind_ssh_is_asked_through_the_command(tmp_path):
    command = tmp_path / "docker"
    command.write_text('#!/bin/sh\necho "{\\"Version\\": \\"24.0\\", \\"ApiVersion\\": \\"1.43\\"}"\n')
    command.chmod(0o755)
    found = find_engine({"DOCKER_HOST": "ssh://ann@box", "PATH": f"{tmp_path}{os.pathsep}/bin:/usr/bin"})
    assert isinstance(found, Engine)
    assert found.version == "24.0"


def test_a_host_that_makes_no_sense(tmp_path):
    found = find_engine({"DOCKER_HOST": "tcp://:notaport", "PATH": str(tmp_path)})
    assert isinstance(found, NoEngine)
