"""The digest of a base image: who is asked for it, in which order, and when it is not known."""

import json
import os

import pytest

from mlc.config.network import Network
from mlc.images.locks.base_digest import BaseDigests

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
SCRIPT = """\
#!/bin/sh
echo "$*" >> "{log}"
case "$1" in
  image) [ -f "{folder}/engine" ] && cat "{folder}/engine" || exit 1 ;;
  buildx) for word; do last=$word; done
    file="{folder}/registry-$(echo "$last" | tr '/:' '__')"; [ -f "$file" ] && cat "$file" || exit 1 ;;
esac
"""


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """Says what an engine has, and a registry by name; gives what was asked."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(SCRIPT.format(log=tmp_path / "log", folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("MLC_NO_BASE_DIGEST")

    def say(engine=None, **registry):
        if engine is not None:
            (tmp_path / "engine").write_text(json.dumps([engine]))
        for name, digest in registry.items():
            (tmp_path / f"registry-{name}").write_text(digest + "\n")
        return lambda: (tmp_path / "log").read_text().splitlines() if (tmp_path / "log").exists() else []

    return say


def of(name, **network):
    return BaseDigests(Network(**network)).of(name)


def test_the_registry_says_it(docker):
    docker(base_1=NEW)
    assert of("base:1") == NEW


def test_it_is_asked_once_for_each_name(docker):
    asked = docker(base_1=NEW)
    digests = BaseDigests(Network())
    assert digests.of("base:1") == digests.of("base:1") == NEW
    assert len(asked()) == 2


def test_a_mirror_is_asked_in_its_place(docker):
    docker(**{"ours_library_base_1": NEW})
    assert of("base:1", images={"docker.io": "ours"}) == NEW


def test_without_an_answer_the_engine_may_know_what_it_pulled(docker):
    docker({"RepoDigests": [f"base@{OLD}"]})
    assert of("base:1") == OLD


def test_an_image_that_was_built_here_has_none_whatever_a_registry_says(docker):
    asked = docker({"RepoDigests": []}, base_1=NEW)
    assert of("base:1") == ""
    assert len(asked()) == 1


def test_a_store_that_gives_all_images_digests_is_believed_for_those_that_the_registry_has(docker):
    docker({"RepoDigests": [f"base@{OLD}"], "Descriptor": {"digest": OLD}})
    assert of("base:1") == ""
    docker(base_1=NEW)
    assert of("base:1") == ""
    docker(**{f"base@{OLD.replace(':', '_')}": OLD})
    assert of("base:1") == NEW


def test_nobody_is_asked_for_what_is_pinned_or_not_wanted(docker, monkeypatch):
    asked = docker(base_1=NEW)
    assert of(f"base:1@{OLD}") == ""
    monkeypatch.setenv("MLC_NO_BASE_DIGEST", "1")
    assert of("base:1") == ""
    assert not asked()


def test_what_is_no_digest_is_none(docker):
    docker(base_1="no such thing")
    assert of("base:1") == ""
