"""``--registry``, ``--cache`` and ``--push`` of ``mlc build``: what is refused, and what two writes did together."""

import json

import pytest
from click.testing import CliRunner
from tests.support.bundles import write_files

from mlc.cli import build
from mlc.cli.shared import both
from mlc.diagnostics import MlcError
from mlc.files import Written
from mlc.images.digests import remember_digest

PIPELINE = """\
type: pipeline
jobs:
  show:
    type: command
    command: echo hello
    environment: {image: example.com/base:1}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(write_files(tmp_path, {"p.yml": PIPELINE}))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(build.command, ["p.yml", *arguments])


def test_a_push_needs_a_registry_and_images(project):
    assert "--push needs a registry" in run("--push").output
    assert "nothing to push" in run("--push", "--no-images", "--registry", "ghcr.io/me").output


def test_a_push_needs_an_engine(project):
    done = run("--push", "--registry", "ghcr.io/me")
    assert isinstance(done.exception, MlcError)
    assert done.exception.diagnostic.code == "E650"


@pytest.mark.parametrize("name", ["https://ghcr.io/me", "ghcr.io/me:tag", "me", "UPPER/x", "a b", "-x"])
def test_what_is_no_registry(name, project):
    assert run(f"--registry={name}").exit_code == 2


def test_two_registries_are_one_too_many(project):
    (project / "mlc.toml").write_text('image_prefix = "registry.example.com:5000/team"\nregistry = "ghcr.io/me"\n')
    done = run("--no-images")
    assert isinstance(done.exception, MlcError)
    assert "two registries" in done.exception.diagnostic.text


def test_what_is_known_of_the_registry_is_in_the_bundle_from_the_start(project):
    assert run("--no-images", "--registry", "ghcr.io/me/").exit_code == 0
    (image,) = json.loads((project / "out/p/plan.json").read_text())["images"]
    assert image["reference"].startswith("ghcr.io/me/mlc/p-")
    assert not (project / "out/p/images.lock").exists()
    remember_digest(image["reference"], "sha256:" + "5" * 64)
    assert run("--no-images", "--registry", "ghcr.io/me").exit_code == 0
    assert (project / "out/p/images.lock").read_text().endswith(f"{image['reference']}@sha256:{'5' * 64}\n")
    assert f"{image['reference'].rpartition(':')[0]}@sha256:{'5' * 64}" in (project / "out/p/compose.yaml").read_text()


def test_what_two_writes_did_together():
    first = Written(added=("a",), changed=("b",), removed=(), unchanged=2)
    then = Written(added=("e",), changed=("a", "c"), removed=("f",), unchanged=2)
    assert both(first, then) == Written(added=("a", "e"), changed=("b", "c"), removed=("f",), unchanged=1)
