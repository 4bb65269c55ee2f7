"""Conda's specs and Python versions."""

import pytest

from mlc.passes.lowering.conda_to_pip import UntranslatableError, translate
from mlc.passes.lowering.python_version import base_with, normal_python


@pytest.mark.parametrize(
    ("spec", "pip"),
    [
        ("numpy", "numpy"),
        ("numpy=1.21", "numpy==1.21.*"),
        ("numpy = 1.21", "numpy==1.21.*"),
        ("numpy=1.21.*", "numpy==1.21.*"),
        ("numpy==1.21.0", "numpy==1.21.0"),
        ("numpy 1.21", "numpy==1.21"),
        ("numpy 1.21.*", "numpy==1.21.*"),
        ("numpy=1.21=py38_0", "numpy==1.21.*"),
        ("numpy==1.21.2=py38_0", "numpy==1.21.2"),
        ("numpy 1.21.2 py38_0", "numpy==1.21.2"),
        ("numpy>=1.2", "numpy>=1.2"),
        ("numpy >= 1.2, <2", "numpy>=1.2,<2"),
        ("numpy>=1.2.*", "numpy>=1.2"),
        ("numpy!=1.3.*", "numpy!=1.3.*"),
        ("numpy~=1.2", "numpy~=1.2"),
        ("numpy=*", "numpy"),
        ("numpy *", "numpy"),
        ("numpy[version='>=1.2,<2']", "numpy>=1.2,<2"),
        ("numpy[version=1.2]", "numpy==1.2"),
        ("conda-forge::numpy=1.2", "numpy==1.2.*"),
        ("pytables=3.6", "tables==3.6.*"),
        ("pytorch", "torch"),
        ("pytorch::pytorch==1.9.0", "torch==1.9.0"),
        ("matplotlib-base", "matplotlib"),
        ("scikit-learn=0.24", "scikit-learn==0.24.*"),
        ("cudatoolkit=11.3", ""),
        ("nomkl", ""),
    ],
)
def test_translations(spec, pip):
    assert translate(spec).text == pip


@pytest.mark.parametrize(
    ("spec", "missing"),
    [
        ("r-base", True),
        ("gcc", True),
        ("openmpi=4", True),
        ("numpy=1.2|1.3", False),
        ("numpy[build=x]", False),
        ("numpy>=", False),
        ("numpy=1;2", False),
        ("!", False),
        ("numpy\n--index-url=x", False),
    ],
)
def test_what_has_no_translation(spec, missing):
    with pytest.raises(UntranslatableError) as caught:
        translate(spec)
    assert caught.value.missing is missing


@pytest.mark.parametrize(
    ("asked", "normal"),
    [
        ("3.8", "3.8"),
        ("3.8.5", "3.8.5"),
        ("3.8.*", "3.8"),
        ("=3.8", "3.8"),
        ("==3.8.5", "3.8.5"),
        (">=3.9", ">=3.9"),
        (">= 3.9, <3.12", ">=3.9,<3.12"),
        ("3", "3"),
        ("three", None),
        ("3.8 && rm -rf", None),
        ("3.8\n", None),
        ("", None),
    ],
)
def test_python_versions(asked, normal):
    assert normal_python(asked) == normal


@pytest.mark.parametrize(
    ("python", "base"),
    [
        (None, "docker.io/library/python:3.11-slim-bookworm"),
        ("3.8", "docker.io/library/python:3.8-slim-bookworm"),
        ("3.12.4", "docker.io/library/python:3.12-slim-bookworm"),
        ("3", "docker.io/library/python:3.11-slim-bookworm"),
        (">=3.9", "docker.io/library/python:3.11-slim-bookworm"),
        (">=3.12", "docker.io/library/python:3.12-slim-bookworm"),
        (">=3.8,<3.10", "docker.io/library/python:3.8-slim-bookworm"),
        ("<3.13", "docker.io/library/python:3.11-slim-bookworm"),
    ],
)
def test_the_default_base_has_the_asked_python(python, base):
    assert base_with("docker.io/library/python:3.11-slim-bookworm", python) == base


def test_another_default_base_is_left_alone():
    assert base_with("registry.example.com/ml-base:7", "3.8") == "registry.example.com/ml-base:7"
