"""Locks where steps run as processes: exactly what they say is installed, by its hash, or they are put aside aloud."""

import sys
from dataclasses import replace

import pytest
from tests.support.wheels import wheel

from mlc.diagnostics import MlcError
from mlc.images.children import Children
from mlc.ir.image import MambaInstall, UvInstall
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.runner.environments import ready
from mlc.runner.locked import for_this_machine, machine

from .plans import IMAGE, Told, plan, step

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """An environment that asks for any `tiny`, of which there are two; its lock says the first."""
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    monkeypatch.setattr("mlc.runner.environments.SEED", ())
    for made in (wheel("tiny", "1.0"), wheel("tiny", "2.0")):
        (tmp_path / made.file_name).write_bytes(made.content)
    lock = Lock(pip=(LockedPackage(name="tiny", version="1.0", hashes=(wheel("tiny", "1.0").sha256,)),), python=HERE)
    lines = ("--no-index", f"--find-links {tmp_path}", "tiny")
    return replace(IMAGE, recipe=UvInstall(base="b", python=HERE, requirements=lines, lock=lock))


def installed(found):
    return sorted(path.name for path in found.path[0].parent.glob("lib/*/site-packages/*.dist-info"))


def test_the_locked_version_is_installed(locked):
    assert installed(ready(locked, Children(), Told())) == ["tiny-1.0.dist-info"]
    without = replace(locked, recipe=replace(locked.recipe, lock=None))
    assert installed(ready(without, Children(), Told())) == ["tiny-2.0.dist-info"]


def test_another_file_of_that_name_is_refused(locked, tmp_path):
    (tmp_path / "tiny-1.0-py3-none-any.whl").write_bytes(wheel("tiny", "1.0", weight=100).content)
    with pytest.raises(MlcError, match=r"not the one that the lock names"):
        ready(locked, Children(), Told())


def test_a_lock_for_another_platform_is_put_aside_aloud(locked):
    told = Told()
    other = "linux/arm64" if machine() != "linux/arm64" else "linux/amd64"
    pipeline = replace(plan(step("a", "true"), images=(locked,)), platform=other)
    recipe = for_this_machine(pipeline, locked, told).recipe
    assert isinstance(recipe, UvInstall)
    assert recipe.lock is None
    assert any(f"that is for {other}" in text for text in told.messages)
    assert for_this_machine(replace(pipeline, platform=machine()), locked, Told()) == locked


def test_a_locked_conda_environment_is_made_of_the_very_files_of_the_lock(tmp_path, monkeypatch):
    """A program of the name notes what it is given, and makes nothing but an interpreter."""
    tool = tmp_path / "bin" / "micromamba"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\nset -e\necho "$*" >asked.txt\nmkdir -p "$4/bin"\nprintf \'#!/bin/sh\\necho "$*" >pip.txt\\n\' '
        '>"$4/bin/python"\nchmod +x "$4/bin/python"\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    python = LockedCondaPackage(
        name="python", version="3.11.9", build="0", url="https://c/linux-64/python-3.11.9-0.conda", sha256="a" * 64
    )
    lock = Lock(conda=(python,), pip=(LockedPackage(name="tiny", version="1.0", hashes=("sha256:" + "b" * 64,)),))
    recipe = MambaInstall(base="b", python="3.11", channels=("c",), conda=("pip",), pip=("tiny",), lock=lock)
    home = ready(replace(IMAGE, recipe=recipe), Children(), Told()).path[0].parent.parent
    assert (
        home / "explicit.txt"
    ).read_text() == f"@EXPLICIT\nhttps://c/linux-64/python-3.11.9-0.conda#sha256:{'a' * 64}\n"
    assert (home / "asked.txt").read_text() == f"create --yes --prefix {home}/env --file explicit.txt\n"
    assert (home / "requirements.txt").read_text() == f"tiny==1.0 --hash=sha256:{'b' * 64}\n"
    assert "--no-deps --require-hashes --requirement requirements.txt" in (home / "pip.txt").read_text()
