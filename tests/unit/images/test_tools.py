from mlc.images.tools import Tools, find_tools, version_numbers

SCRIPT = """#!/bin/sh
case "$*" in
    "buildx version") echo "github.com/docker/buildx v0.13.1+ds1 0.13.1+ds1-3" ;;
    "compose version --short") echo "2.26.1-4" ;;
    *) exit 1 ;;
esac
"""


def docker(folder, text):
    command = folder / "docker"
    command.write_text(text)
    command.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_versions_without_what_distributions_add(tmp_path):
    found = find_tools(docker(tmp_path, SCRIPT))
    assert (found.buildx, found.compose) == ("0.13.1", "2.26.1")
    assert found.compose_is_new_enough


def test_a_client_without_plugins(tmp_path):
    found = find_tools(docker(tmp_path, "#!/bin/sh\nexit 1\n"))
    assert found.docker is not None
    assert (found.buildx, found.compose) == (None, None)
    assert not found.compose_is_new_enough


def test_no_client(tmp_path):
    assert find_tools({"PATH": str(tmp_path)}) == Tools(docker=None, buildx=None, compose=None)


def test_an_old_compose():
    assert not Tools(docker="d", buildx=None, compose="2.9.0").compose_is_new_enough
    assert version_numbers("2.26.1") > version_numbers("2.9.0")
    assert version_numbers("dev") == ()
