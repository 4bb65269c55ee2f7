"""Virtual environments by the real uv, offline: the only package is a wheel that the test makes."""

import sys
import zipfile
from dataclasses import replace

import pytest
from tests.support.local_package import FILES
from tests.support.wheels import wheel as make_wheel

from mlc.diagnostics import MlcError
from mlc.files import File
from mlc.images.cache import cache_root
from mlc.images.children import Children
from mlc.images.report import State
from mlc.ir.image import UvInstall
from mlc.ir.local import FOLDER, place
from mlc.ir.lock import Lock, LockedPackage
from mlc.runner.environments import ready

from .plans import IMAGE, Told, plan, step
from .test_process_runs import go

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A folder with the package `tiny` 1.0, which has a program of its own."""
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    monkeypatch.setenv("UV_OFFLINE", "1")
    folder = tmp_path / "wheels"
    folder.mkdir()
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("tiny.py", "def main():\n    print('tiny runs')\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\ntiny = tiny:main\n")
        archive.writestr(f"{info}/RECORD", "")
    return folder


def environment(wheel, *requirements, python=HERE):
    lines = ("--no-index", f"--find-links {wheel}", *requirements)
    return replace(IMAGE, recipe=UvInstall(base="b", python=python, requirements=lines))


@pytest.fixture(autouse=True)
def without_seeds(monkeypatch):
    """pip itself would have to be downloaded."""
    monkeypatch.setattr("mlc.runner.environments.SEED", ())


def test_steps_run_in_an_environment_with_their_packages(wheel, tmp_path):
    pipeline = plan(step("a", "tiny; python -c 'import sys; print(sys.prefix)'"), images=(environment(wheel, "tiny"),))
    record, told = go(pipeline, tmp_path / "p")
    assert record.exit_code == 0
    assert ("a", "tiny runs") in told.lines
    assert any(text.startswith(str(cache_root())) for _, text in told.lines)
    assert told.ends == {"env": State.SUCCEEDED, "a": State.SUCCEEDED}


def test_the_second_time_it_is_there(wheel):
    image = environment(wheel, "tiny")
    first, second = Told(), Told()
    made = ready(image, Children(), first)
    again = ready(image, Children(), second)
    assert (made.reused, again.reused) == (False, True)
    assert made.path == again.path
    assert second.begun == []
    assert ready(environment(wheel), Children(), Told()).path != made.path


def test_an_environment_whose_python_is_gone_is_made_anew(wheel):
    image = environment(wheel)
    (folder,) = ready(image, Children(), Told()).path
    (folder / "python").unlink()
    assert not ready(image, Children(), Told()).reused


def test_nothing_is_left_of_one_that_failed(wheel):
    told = Told()
    with pytest.raises(MlcError) as error:
        ready(environment(wheel, "tiny==2"), Children(), told)
    assert error.value.diagnostic.code == "E656"
    assert "not there in that version (tiny==2)" in error.value.diagnostic.text
    assert list((cache_root() / "environments").iterdir()) == []
    assert told.ends == {"env": State.FAILED}


@pytest.mark.parametrize("python", ["3.2", "3.99"])
def test_a_python_that_cannot_be_had(wheel, python):
    with pytest.raises(MlcError) as error:
        ready(environment(wheel, python=python), Children(), Told())
    assert f"Python {python}" in error.value.diagnostic.what
    assert "The Python that the environment asks for" in error.value.diagnostic.text


def test_the_python_of_an_official_image_is_the_one_asked_for(wheel):
    told = Told()
    image = replace(
        environment(wheel), recipe=UvInstall(base=f"docker.io/library/python:{HERE}-slim", python=None, requirements=())
    )
    assert not ready(image, Children(), told).reused
    assert told.codes == []


def test_an_unknown_python_is_told_of(wheel):
    told = Told()
    ready(replace(IMAGE, recipe=UvInstall(base="corp/base", python=None, requirements=())), Children(), told)
    assert told.codes == ["W652"]
    assert f"Python {HERE}" in told.items[0].text


def test_what_lies_on_this_machine_is_installed_with_a_lock_and_without(tmp_path):
    """A package's folder, a folder of wheels and constraints."""
    wheels = {version: make_wheel("tiny", version) for version in ("1.0", "2.0")}
    links, package, limits = "000000000001/links", "000000000002/package", "000000000003/constraints.txt"
    local = {f"{FOLDER}/{links}/{made.file_name}": File(made.content) for made in wheels.values()}
    local |= {f"{FOLDER}/{package}/{path}": File(text.encode()) for path, text in FILES.items()}
    local[f"{FOLDER}/{limits}"] = File(b"tiny<2\n")
    options = ("--no-index", f"--find-links {place(f'{FOLDER}/{links}')}")
    asked = (*options, f"-c {place(f'{FOLDER}/{limits}')}", place(f"{FOLDER}/{package}"))
    recipe = UvInstall(base="b", python=HERE, requirements=asked, local=tuple(sorted(local.items())))
    locked = (
        LockedPackage(name="ours", version="1.0", source=f"{FOLDER}/{package}"),
        LockedPackage(name="tiny", version="1.0", hashes=(wheels["1.0"].sha256,)),
    )
    for lock in (None, Lock(pip=locked, python=HERE)):
        command = f"python -c 'import ours; print(ours.said, {lock is None})'"
        image = replace(IMAGE, recipe=replace(recipe, lock=lock))
        record, told = go(plan(step("a", command), images=(image,)), tmp_path / str(lock is None))
        assert record.exit_code == 0
        assert ("a", f"1.0 {lock is None}") in told.lines
