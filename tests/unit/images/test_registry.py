"""What `docker` says of a registry, in words; a shell script stands for it. A real registry is in tests/engine."""

import pytest

from mlc.diagnostics import MlcError
from mlc.images.registry import Absent, host, pull, push
from mlc.ir.image import Image, UseImage

NAME = "registry.example.com/team/mlc/p-train:0123456789ab-cdef01234567"
IMAGE = Image(name="train", recipe=UseImage(base="b"), components=(), reference=NAME)
DIGEST = "sha256:" + "5" * 64


def says(code, *lines):
    asked = []

    def run(command):
        asked.append(command)
        return code, list(lines)

    return asked, run


def test_a_pull_is_by_tag_and_gives_the_digest():
    asked, run = says(0, "1: Pulling from team/mlc/p-train", f"Digest: {DIGEST}", "Status: Downloaded newer image")
    assert pull("docker", IMAGE, "linux/arm64", run) == DIGEST
    assert asked == [["docker", "pull", "--platform", "linux/arm64", NAME]]


def test_a_pull_is_by_digest_where_it_is_known_and_the_tag_is_there_after_it():
    from dataclasses import replace

    asked, run = says(0)
    assert pull("docker", replace(IMAGE, digest=DIGEST), "linux/amd64", run) == DIGEST
    pinned = f"registry.example.com/team/mlc/p-train@{DIGEST}"
    assert asked == [["docker", "pull", "--platform", "linux/amd64", pinned], ["docker", "tag", pinned, NAME]]


@pytest.mark.parametrize(
    "line",
    [
        f"Error response from daemon: manifest for {NAME} not found: manifest unknown: manifest unknown",
        "Error response from daemon: pull access denied for p, repository does not exist or may require 'docker login'",
        f'Error response from daemon: failed to resolve reference "{NAME}": {NAME}: not found',
        "name unknown: repository name not known to registry",
    ],
)
def test_what_is_not_there_is_no_mistake(line):
    assert pull("docker", IMAGE, "linux/amd64", says(1, line)[1]) is Absent.ABSENT


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("unauthorized: authentication required", "E630", "`docker login registry.example.com`"),
        ("no basic auth credentials", "E630", "wants a login"),
        ("denied: requested access to the resource is denied", "E631", "does not let this account"),
        ("Get https://registry.example.com/v2/: dial tcp: lookup x: no such host", "E632", "cannot be reached"),
        ("Get https://registry.example.com/v2/: x509: certificate signed by unknown authority", "E633", "certs.d"),
        ("http: server gave HTTP response to HTTPS client", "E633", "insecure-registries"),
        ("received unexpected HTTP status: 500 Internal Server Error", "E634", "500 Internal Server Error"),
    ],
)
def test_what_went_wrong_is_said_with_what_to_do(line, code, words):
    for act in (lambda run: push("docker", IMAGE, run), lambda run: pull("docker", IMAGE, "linux/amd64", run)):
        with pytest.raises(MlcError) as stop:
            act(says(1, "The push refers to repository [x]", line)[1])
        assert stop.value.diagnostic.code == code
        assert words in stop.value.diagnostic.text
        assert NAME in stop.value.diagnostic.text


def test_a_push_without_a_digest_is_none():
    with pytest.raises(MlcError) as stop:
        push("docker", IMAGE, says(0, "done")[1])
    assert stop.value.diagnostic.code == "E634"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (NAME, "registry.example.com"),
        ("localhost/x:1", "localhost"),
        ("localhost:5000/x:1", "localhost:5000"),
        ("me/x:1", "docker.io"),
        ("x:1", "docker.io"),
    ],
)
def test_where_to_log_in(name, wanted):
    assert host(name) == wanted
