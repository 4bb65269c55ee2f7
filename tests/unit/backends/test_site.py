"""What the network of a site changes in a bundle, and that no credentials get there."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.unit.backends.plans import FASHION

from mlc.backends import EmitOptions
from mlc.backends.docker import emit
from mlc.backends.docker.site import CERTIFICATES, SCRIPT, build_args, build_lines, run_lines, sited
from mlc.config import Network
from mlc.ir.image import BuildDockerfile, UvInstall
from mlc.resources import templates

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SITE = Network(
    https_proxy="http://${PROXY_USER}:${PROXY_PASSWORD}@proxy:3128",
    no_proxy="localhost",
    index_url="https://me:${PIP_TOKEN}@pypi.example.com/simple",
    images={"docker.io": "registry.example.com/hub", "ghcr.io": "registry.example.com/ghcr"},
    apt_mirror="http://debian.example.com/debian",
    http_proxy="http://proxy:3128",
)


@pytest.fixture
def bundle(tmp_path):
    ca = tmp_path / "ca.pem"
    ca.write_text(CERTIFICATE)
    tree = emit(FASHION, EmitOptions(network=replace(SITE, ca_bundle=ca)))
    return {path: file.read().decode() for path, file in tree.items()}


def test_without_settings_a_build_reads_the_secret_if_somebody_sets_it():
    tree = emit(FASHION, EmitOptions())
    compose = yaml.safe_load(tree["compose.yaml"].read())
    assert compose["secrets"] == {"mlc-network": {"environment": "MLC_NETWORK"}}
    assert b"\nMLC_NETWORK=\n" in tree[".env"].read()
    assert json.loads(tree["docker-bake.json"].read())["target"]["prep"]["secret"] == ["id=mlc-network,env=MLC_NETWORK"]
    assert SCRIPT in tree
    assert CERTIFICATES not in tree


def test_dockerfiles_differ_in_the_names_of_images_only(bundle):
    there = emit(FASHION, EmitOptions())["environments/prep/Dockerfile"].read().decode()
    here = bundle["environments/prep/Dockerfile"]
    assert here != there
    assert "FROM registry.example.com/hub/" in here or "from=registry.example.com/ghcr/astral-sh/uv" in here
    assert (
        here.replace("registry.example.com/ghcr", "ghcr.io").replace("registry.example.com/hub", "docker.io") == there
    )


def test_steps_and_builds_get_certificates_and_proxies(bundle):
    compose = yaml.safe_load(bundle["compose.yaml"])
    assert compose["secrets"] == {
        "mlc-network": {"environment": "MLC_NETWORK"},
        "mlc-ca": {"file": "./network/ca.pem"},
        "mlc-step-network": {"environment": "MLC_STEP_NETWORK"},
    }
    assert compose["services"]["build-prep"]["build"]["secrets"] == ["mlc-network", "mlc-ca"]
    step = compose["services"][FASHION.tasks[0].name]
    assert step["secrets"] == [{"source": "mlc-step-network", "target": "mlc-network"}, "mlc-ca"]
    assert bundle[CERTIFICATES] == CERTIFICATE
    assert "id=mlc-ca,src=network/ca.pem" in json.loads(bundle["docker-bake.json"])["target"]["prep"]["secret"]


def test_settings_stand_in_env_with_their_variables(bundle):
    assert "UV_DEFAULT_INDEX=https://me:${PIP_TOKEN}@pypi.example.com/simple\n" in bundle[".env"]
    assert "SSL_CERT_FILE=/tmp/mlc/ca.pem" in bundle[".env"].partition("MLC_STEP_NETWORK")[0]
    steps = bundle[".env"].partition("MLC_STEP_NETWORK=")[2]
    assert "SSL_CERT_FILE=/run/secrets/mlc-ca" in steps
    assert "HTTPS_PROXY=http://${PROXY_USER}:${PROXY_PASSWORD}@proxy:3128" in steps
    assert "UV_" not in steps
    assert "PIP_TOKEN" not in steps


def test_an_own_dockerfile_gets_proxies_without_passwords_and_the_mirror_of_apt():
    image = replace(FASHION.images[0], recipe=BuildDockerfile())
    assert build_args(image, SITE) == (
        ("HTTP_PROXY", "http://proxy:3128"),
        ("http_proxy", "http://proxy:3128"),
        ("NO_PROXY", "localhost"),
        ("no_proxy", "localhost"),
        ("APT_MIRROR", "http://debian.example.com/debian"),
    )
    assert build_args(FASHION.images[0], SITE) == ()


def test_names_of_images_in_an_own_dockerfile():
    text = (
        "FROM --platform=linux/amd64 python:3.11 AS Base\n"
        "RUN --mount=type=bind,from=ghcr.io/astral-sh/uv:1,source=/uv,target=/uv uv --version\n"
        "from base as last\n"
        "COPY --from=0 /a /a\nCOPY --from=base /b /b\nCOPY --from=busybox /c /c\n"
        "FROM scratch\nFROM ${OTHER}\nRUN echo FROM python\n"
    )
    assert sited(text, SITE, vendored=False) == (
        "FROM --platform=linux/amd64 registry.example.com/hub/library/python:3.11 AS Base\n"
        "RUN --mount=type=bind,from=registry.example.com/ghcr/astral-sh/uv:1,source=/uv,target=/uv uv --version\n"
        "from base as last\n"
        "COPY --from=0 /a /a\nCOPY --from=base /b /b\nCOPY --from=registry.example.com/hub/library/busybox /c /c\n"
        "FROM scratch\nFROM ${OTHER}\nRUN echo FROM python\n"
    )


def test_every_install_of_a_vendored_bundle_sees_its_packages():
    (tree,) = (emit(FASHION, EmitOptions(vendored=True)),)
    text = tree["environments/keras/Dockerfile"].read().decode()
    assert text.count("source=vendor/wheels,target=/tmp/mlc/wheels") == text.count("with-network.sh /tmp/mlc/uv") > 1
    assert "!vendor/wheels" in tree[".dockerignore"].read().decode()
    assert b"vendor" not in emit(FASHION, EmitOptions())[".dockerignore"].read()


def test_variables_of_requirements_are_passed_on():
    recipe = UvInstall(base="b", python="3.11", requirements=("--index-url https://${TOKEN_A}@h/simple", "x"))
    plan = replace(FASHION, images=(replace(FASHION.images[0], recipe=recipe), *FASHION.images[1:]))
    assert build_lines(Network(), ("TOKEN_A",)) == "TOKEN_A=${TOKEN_A}"
    assert b'MLC_NETWORK="TOKEN_A=${TOKEN_A}"\n' in emit(plan, EmitOptions())[".env"].read()
    assert run_lines(Network()) == ""


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_script_sets_what_the_secret_says_and_nothing_is_evaluated(tmp_path, shell):
    script = (templates() / "docker" / "with-network.sh").read_text()
    for name in ("network", "wheels"):
        script = script.replace(f"/tmp/mlc/{name}", str(tmp_path / name))
    (tmp_path / "s.sh").write_text(script)
    run = [shell, tmp_path / "s.sh", "sh", "-c", 'printf "%s|%s|%s|%s\\n" "$A" "$B" "${UV_OFFLINE-}" "${UV_INDEX-}"']
    plain = {"PATH": os.environ["PATH"]}
    assert subprocess.run(run, env=plain, capture_output=True, text=True, check=True).stdout == "|||\n"
    (tmp_path / "network").write_text("A=$(touch x) 'q' \"d\" \\n\n# no\nnot a line\nUV_INDEX=https://i\nB=last=1")
    told = subprocess.run(run, env=plain, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout == "$(touch x) 'q' \"d\" \\n|last=1||https://i\n"
    assert told.stderr == ""
    assert not (tmp_path / "x").exists()
    Path(tmp_path / "wheels").mkdir()
    assert subprocess.run(run, env=plain, capture_output=True, text=True, check=True).stdout.endswith("|1|\n")


def test_a_bundle_with_its_images_as_files_asks_for_them_by_tag_as_engines_know_them():
    digest = "sha256:" + "a" * 64
    text = f"FROM base:1@{digest} AS one\nFROM host:5000/base@{digest}\nFROM base:2@{digest}\n"
    assert sited(text, Network(), vendored=False) == text
    assert sited(text, Network(), vendored=True) == f"FROM base:1 AS one\nFROM host:5000/base@{digest}\nFROM base:2\n"
