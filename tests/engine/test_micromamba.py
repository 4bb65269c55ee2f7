"""Conda files with conda packages are installed by micromamba: here by a stand-in over py-rattler, from a channel of
packages that the test makes. Solving and linking are real; Python is the base image's, in an environment of its own.
"""

import json
import os

import pytest
from tests.support.bundles import Bundle, mlc, steps_run, write_files
from tests.support.conda_channel import CondaPackage, make_channel, module, pip, python, served
from tests.support.standins import OPENMPI

pytestmark = pytest.mark.engine

AFTER_PACKAGES = 3
"""Layers above those of packages at most: the launcher, the folders of volumes, the working folder."""

RUN = os.urandom(4).hex()
"""Part of a package's name, so that no earlier run has left it in the engine's cache mount."""

seen: list[str] = []
"""Paths that were asked of the channel."""

PIPELINE = """\
type: pipeline
jobs:
  look:
    command: >-
      python -c "import sys, small, tomli; print(sys.prefix, small.__version__)" > ${{outputs.out}}/seen.txt
      && needs >> ${{outputs.out}}/seen.txt && ls "$CONDA_PREFIX/conda-meta" > ${{outputs.out}}/packages.txt
    outputs: {out: {type: uri_folder}}
    environment: {image: %s, conda_file: ./conda.yaml}
"""

CONDA = """\
name: with-data
channels: [%s]
dependencies:
  - python=%s
  - needs
  - large
  - pip
  - pip: [tomli==2.0.1]
"""


@pytest.fixture(scope="module")
def channel(tmp_path_factory):
    """Its URL."""
    packages = [
        python(),
        pip(),
        module("small"),
        module("small", "2.0"),
        module("needs", "1.0", "small <2", entry_points=("needs = needs:main",)),
        module("light", build=RUN),
        CondaPackage(name="large", files={"share/large.bin": b"1" * 11_000_000}),
    ]
    with served(make_channel(tmp_path_factory.mktemp("channel"), packages), seen) as url:
        yield url


def project(folder, channel, wanted="3.11"):
    files = {"look.yml": PIPELINE % OPENMPI, "conda.yaml": CONDA % (channel, wanted)}
    return write_files(folder, files) / "look.yml"


def test_the_stand_in_for_micromamba_makes_the_environment_of_the_conda_file(tmp_path, compiled, channel):
    bundle = compiled(project(tmp_path / "project", channel))
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    assert steps_run(done.stdout) == ["look"]
    out = bundle.copy("look", "out", tmp_path / "copy")
    assert (out / "seen.txt").read_text() == "/opt/mlc/env 1.0\nneeds 1.0\n"
    assert "small-1.0-0.json" in (out / "packages.txt").read_text()


def test_a_python_that_cannot_be_had_fails_the_build_with_words(tmp_path, compiled, channel):
    bundle = compiled(project(tmp_path / "project", channel, "3.7"))
    done = bundle.up()
    assert done.returncode != 0
    assert "No candidates were found for python 3.7" in done.stdout
    assert "mlc: " in done.stdout


def test_what_is_locked_is_installed_in_layers_and_a_light_package_is_one_more(tmp_path, engine, channel):
    """Built and locked by mlc; the second build does nothing; the step sees conda's packages and pip's."""
    source = project(tmp_path / "project", channel)
    folder = source.parent
    locked = folder / "locks" / "look" / "with-data.linux-amd64.txt"

    def built(*options: str) -> str:
        done = mlc("build", "look.yml", "--out", "bundle", *options, cwd=folder, engine=engine, MLC_NO_LOCK="0")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    bundle = Bundle(folder=folder / "bundle", engine=engine)
    try:
        built()
        text = locked.read_text()
        assert f"{channel}/noarch/small-1.0-0.conda" in text
        before = layers_of(bundle)
        asked = len(seen)
        told = built("--locked")
        assert layers_of(bundle) == before, told
        assert seen[asked:] == [], "nothing is asked of the channel"
        done = bundle.up()
        assert done.returncode == 0, done.stdout
        out = bundle.copy("look", "out", tmp_path / "copy")
        assert (out / "seen.txt").read_text() == "/opt/mlc/env 1.0\nneeds 1.0\n"
        assert "large-1.0-0.json" in (out / "packages.txt").read_text()
        bundle.down("--rmi=all")

        conda = folder / "conda.yaml"
        conda.write_text(conda.read_text().replace("  - large\n", "  - large\n  - light\n"))
        assert "Conda light is new" in mlc("check", "look.yml", cwd=folder, MLC_NO_LOCK="0").stderr
        asked = len(seen)
        assert "light new" in built()
        after = layers_of(bundle)
        same = [mine == theirs for mine, theirs in zip(after, before, strict=False)].index(False)
        assert same >= len(before) - AFTER_PACKAGES, "what was installed stays, the new package is on top"
        assert [path for path in seen[asked:] if path.endswith(".conda")] == [f"/noarch/light-1.0-{RUN}.conda"]
    finally:
        bundle.down("--rmi=all")


def layers_of(bundle):
    """The digests of the image's layers, from the bottom."""
    plan = json.loads((bundle.folder / "plan.json").read_text())
    done = bundle.engine.docker("image", "inspect", plan["images"][0]["reference"])
    return json.loads(done.stdout)[0]["RootFS"]["Layers"]
