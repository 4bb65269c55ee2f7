"""Which ways to write the same environment are one, and which are not."""

from dataclasses import replace

import pytest

from mlc.files import File
from mlc.ir.image import BuildDockerfile, MambaInstall, UseImage, UvInstall
from mlc.ir.key_fields import items
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.passes.lowering.environment_key import LISTED, key_inputs, normal_requirements

AMD64 = "linux/amd64"
NUMPY = LockedPackage(name="numpy", version="2.1.0", hashes=("sha256:aa", "sha256:bb"), size=9, via=("pandas",))
OWN = LockedPackage(name="own", version="1", source="git+https://x/own@abc")
LOCK = Lock(pip=(NUMPY, OWN))
UV = UvInstall(base="ubuntu:24.04", python="3.11", requirements=("numpy",), lock=LOCK)


def fields(recipe):
    return dict(key_inputs(recipe, AMD64))


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Scikit_Learn", "scikit-learn"),
        ("numpy >= 1 , < 2", "numpy<2,>=1"),
        ("numpy<2,>=1  # because", "numpy<2,>=1"),
        ("Pkg [ B , a ] == 1", "pkg[a,b]==1"),
        ("six;python_version<'3.8'  and  os_name=='nt'", "six ; python_version < '3.8' and os_name == 'nt'"),
        ("Own @  git+https://x/Own@v1", "own @ git+https://x/Own@v1"),
        ("own[x]@https://x/own.whl;y", "own[x] @ https://x/own.whl;y"),
        ("git+https://x/own@v1#egg=own", "git+https://x/own@v1#egg=own"),
        ("conda-forge::Numpy =1", "conda-forge::Numpy =1"),
        ("numpy=1.21|1.22,<2", "numpy=1.21|1.22,<2"),
    ],
)
def test_one_way_to_write_a_requirement(written, normal):
    assert normal_requirements((written,)) == [normal]


def test_a_lock_takes_the_place_of_what_was_asked():
    found = fields(UV)
    assert "requirements" not in found
    assert items(found["lock"]) == ["numpy==2.1.0 sha256:aa sha256:bb", "own @ git+https://x/own@abc"]
    assert found == fields(replace(UV, requirements=("numpy>=2", "six")))


def test_of_a_lock_only_what_is_installed_counts():
    other = replace(NUMPY, size=0, via=(), generation=3, hashes=("sha256:bb", "sha256:aa"))
    assert fields(UV) == fields(replace(UV, lock=Lock(pip=(OWN, other))))
    assert fields(UV) != fields(replace(UV, lock=Lock(pip=(OWN, replace(NUMPY, hashes=("sha256:aa",))))))


def test_a_conda_lock_has_two_parts():
    conda = LockedCondaPackage(name="scipy", version="1.1", build="py_0", url="https://c/scipy.conda", sha256="ab")
    found = fields(
        MambaInstall(base="b", python="3.8", channels=("c",), conda=("scipy",), pip=(), lock=Lock(conda=(conda,)))
    )
    assert (found["conda lock"], found["lock"]) == ("scipy==1.1 py_0 ab", "")
    assert not {"channels", "conda packages", "requirements"} & found.keys()


def test_the_digest_of_the_base_is_a_field_of_its_own():
    pinned = fields(UseImage(base="python:3.11@sha256:12"))
    assert (pinned["base"], pinned["base digest"]) == ("python:3.11", "sha256:12")
    assert "base digest" not in fields(UseImage(base="python:3.11"))
    assert fields(replace(UV, lock=replace(LOCK, base_digest="sha256:34")))["base digest"] == "sha256:34"


def test_the_name_of_a_dockerfile_does_not_count_but_those_of_its_files_do():
    text, other = File(b"FROM x\n"), File(b"six\n")

    def key(dockerfile, name):
        return fields(BuildDockerfile(files=((dockerfile, text), (name, other)), dockerfile=dockerfile))

    assert key("Dockerfile", "a.txt") == key("gpu.Dockerfile", "a.txt") != key("Dockerfile", "b.txt")


def test_a_large_build_context_is_one_item():
    files = tuple((f"f{number}", File(b"")) for number in range(LISTED + 1))
    assert fields(BuildDockerfile(files=files, dockerfile="Dockerfile", digest="d"))["build context"] == "d"
