"""Recipes of environments, and what stands in their way."""

import pytest
from tests.support.ir import complaints, component, conda, context, node, pipeline, planned

from mlc.config import Config, Installer
from mlc.files import File
from mlc.ir.environment import BuildEnvironment, ImageEnvironment
from mlc.ir.image import MambaInstall, UseImage, UvInstall

BASE = "ubuntu:24.04"


def of(environment, installer=Installer.AUTO):
    around = context(config=Config(installer=installer, uv_image="UV", micromamba_image="MAMBA"))
    (image,) = planned(pipeline(node("a", component(environment=environment))), around).images
    return image.recipe


def said(environment, installer=Installer.AUTO):
    return complaints(
        pipeline(node("a", component(environment=environment))), context(config=Config(installer=installer))
    )


def test_an_image_alone():
    assert of(ImageEnvironment(image="a/b:1")) == UseImage(base="a/b:1")


def test_pip_packages_are_for_uv():
    found = of(conda("pip=20.2", "setuptools", python="3.8", pip=("pandas==1.1", "--extra-index-url https://x")))
    requirements = ("pip==20.2.*", "setuptools", "pandas==1.1", "--extra-index-url https://x")
    assert found == UvInstall(base=BASE, python="3.8", requirements=requirements, installer_image="UV")


def test_conda_packages_are_for_micromamba():
    found = of(conda("numpy=1.2", python="3.8", pip=("pandas",), channels=("conda-forge", "defaults")))
    assert found == MambaInstall(
        base=BASE,
        python="3.8",
        channels=("conda-forge", "defaults"),
        conda=("numpy=1.2", "pip"),
        pip=("pandas",),
        installer_image="MAMBA",
    )


def test_the_configuration_can_choose_micromamba():
    assert isinstance(of(conda(pip=("x",)), Installer.MICROMAMBA), MambaInstall)


def test_the_configuration_can_choose_uv_and_it_is_said():
    environment = conda("numpy=1.2", "pytables", "cudatoolkit=11", python="3.8", pip=("pandas",))
    found = of(environment, Installer.UV)
    assert isinstance(found, UvInstall)
    assert found.requirements == ("numpy==1.2.*", "tables", "pandas")
    assert said(environment, Installer.UV) == [
        "W401 These conda packages are installed from PyPI: numpy, pytables (as tables). "
        "The configuration says installer = 'uv'. Set installer = 'auto' to install them with micromamba.",
        "W402 These conda packages are left out: cudatoolkit. "
        "They choose among conda's builds; wheels of PyPI bring their own libraries.",
    ]


def test_a_file_that_asks_for_nothing():
    assert of(conda()) == UseImage(base=BASE)


def test_no_image_means_the_default_with_the_asked_python():
    found = of(conda(image=None, python="3.9", pip=("x",)))
    assert found.base == "docker.io/library/python:3.9-slim-bookworm"


@pytest.mark.parametrize("image", ["a b", "a\nRUN x", "$X", "<your image>", "-v", "a;b", "é"])
def test_bad_names_of_images(image):
    (line,) = said(ImageEnvironment(image=image))
    assert line.startswith(f"E402 {image!r} cannot be the name of an image.")
    assert [line[:4] for line in said(conda(image=image))] == ["E402"]


def test_a_build_context_without_its_dockerfile():
    assert said(BuildEnvironment(files=(("dockerfile", File(b"")),))) == [
        "E403 The build context has no 'Dockerfile'. Add it, or name another file in dockerfile_path."
    ]


def test_packages_that_pip_cannot_install():
    found = said(conda("r-base=4", "numpy=1|2"), Installer.UV)
    assert [line[:4] for line in found] == ["E404", "E405"]
    assert found[0].startswith("E404 The conda package 'r-base=4' cannot be installed by uv.")


def test_a_bad_python():
    assert [line[:4] for line in said(conda(python="banana", pip=("x",)))] == ["E406"]


def test_a_shared_environment_is_told_once():
    environment = ImageEnvironment(image="a b")
    nodes = [node(f"n{i}", component(f"c{i}", environment=environment)) for i in range(3)]
    assert len(complaints(pipeline(*nodes))) == 1
