import json
from pathlib import Path

import pytest

from mlc.diagnostics import MlcError
from mlc.images.commands import commands
from mlc.images.options import DEFAULTS, BuildOptions, Secret
from mlc.images.tools import Tools
from mlc.ir.image import Image, UseImage

IMAGE = Image(name="a.b", recipe=UseImage(base="b"), components=(), reference="mlc/p-a.b:1")
EVERYTHING = BuildOptions(
    cache_from=("ghcr.io/me/cache:{target}",),
    cache_to=("type=local,dest=/c/{target}",),
    build_args=(("PIP_INDEX_URL", "https://a, b/${c}"),),
    labels=(("io.mlc.x", "y z"),),
    secrets=(Secret(id="token", variable="TOKEN"), Secret(id="ca", file=Path("/etc/ca.pem"))),
    no_cache=True,
)


@pytest.fixture
def made(tmp_path):
    targets = {"a_b": {"dockerfile": "environments/a.b/Dockerfile"}}
    (tmp_path / "docker-bake.json").write_text(json.dumps({"target": targets}))

    def command(options=DEFAULTS, buildx="0.13.1"):
        tools = Tools(docker="docker", buildx=buildx, compose=None)
        return commands(tmp_path, "linux/arm64", options, tools).of(IMAGE)

    return command


def test_bake_is_told_everything_by_settings_of_the_target(made):
    told = made(EVERYTHING)
    assert told[:3] == ["docker", "buildx", "bake"]
    assert told[-1] == "a_b"
    assert [told[place + 1] for place, word in enumerate(told) if word == "--set"] == [
        "a_b.tags=mlc/p-a.b:1",
        "a_b.platform=linux/arm64",
        "a_b.args.PIP_INDEX_URL=https://a, b/${c}",
        "a_b.labels.io.mlc.x=y z",
        "a_b.secrets=id=token,env=TOKEN",
        "a_b.secrets=id=ca,src=/etc/ca.pem",
        "a_b.cache-from=ghcr.io/me/cache:a_b",
        "a_b.cache-to=type=local,dest=/c/a_b",
        "a_b.no-cache=true",
    ]


def test_a_plain_build_is_told_the_same_by_flags_but_exports_no_cache(made):
    assert made(EVERYTHING, buildx=None) == [
        *("docker", "build", "--progress", "plain", "--tag", "mlc/p-a.b:1", "--platform", "linux/arm64"),
        *("--file", "environments/a.b/Dockerfile", "--build-arg", "PIP_INDEX_URL=https://a, b/${c}"),
        *("--label", "io.mlc.x=y z", "--secret", "id=token,env=TOKEN", "--secret", "id=ca,src=/etc/ca.pem"),
        *("--cache-from", "ghcr.io/me/cache:a_b", "--no-cache", "."),
    ]


def test_with_a_network_buildx_builds_without_bake(made):
    told = made(BuildOptions(network="none", cache_to=("type=inline",)))
    assert told[:4] == ["docker", "buildx", "build", "--load"]
    assert told[-5:] == ["--cache-to", "type=inline", "--network", "none", "."]


def test_no_secret_is_read_or_shown(made, monkeypatch):
    monkeypatch.setenv("TOKEN", "canary")
    assert "canary" not in " ".join(made(EVERYTHING)) + " ".join(made(EVERYTHING, buildx=None))


def test_without_the_docker_command_nothing_can_be_built(tmp_path):
    with pytest.raises(MlcError, match="docker-buildx"):
        commands(tmp_path, "linux/amd64", BuildOptions(), Tools(docker=None, buildx=None, compose=None))


def test_an_argument_without_a_value_is_taken_from_the_builders_environment(made):
    options = BuildOptions(build_args=(("HTTPS_PROXY", ""),))
    assert "a_b.args.HTTPS_PROXY" in made(options)
    assert made(options, buildx=None)[-3:] == ["--build-arg", "HTTPS_PROXY", "."]
