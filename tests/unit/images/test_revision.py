import subprocess

import pytest

from mlc.images.revision import address, revision_labels


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "pipeline.py").write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    return tmp_path


def test_revision_and_source_of_a_checkout_and_its_folders(checkout):
    git(checkout, "remote", "add", "origin", "https://me:secret@github.com/me/project.git")
    (checkout / "out").mkdir()
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True)
    assert revision_labels(checkout / "out") == (
        ("org.opencontainers.image.source", "https://github.com/me/project"),
        ("org.opencontainers.image.revision", head.stdout.strip()),
    )


def test_what_is_not_committed_is_told(checkout):
    git(checkout, "tag", "v1")
    (checkout / "pipeline.py").write_text("2")
    ((name, value),) = revision_labels(checkout)
    assert name == "org.opencontainers.image.revision"
    assert value.endswith("-dirty")
    assert len(value) == 46


def test_no_checkout_no_commit_no_git(tmp_path, monkeypatch):
    assert revision_labels(tmp_path) == ()
    assert revision_labels(tmp_path / "missing") == ()
    git(tmp_path, "init")
    assert revision_labels(tmp_path) == ()
    monkeypatch.setenv("PATH", "")
    assert revision_labels(tmp_path) == ()


def test_variables_of_another_checkout_do_not_count(checkout, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
    assert revision_labels(tmp_path_factory.mktemp("elsewhere")) == ()


@pytest.mark.parametrize(
    ("remote", "wanted"),
    [
        ("git@github.com:me/project.git", "https://github.com/me/project"),
        ("ssh://git@host.example:2222/me/project.git", "https://host.example/me/project"),
        ("https://token@host:8443/me/project/", "https://host:8443/me/project"),
        ("/home/ann/project", ""),
        ("file:///home/ann/project", ""),
        ("../project", ""),
        ("C:\\projects\\x", ""),
        ("", ""),
    ],
)
def test_addresses(remote, wanted):
    assert address(remote) == wanted
