"""The Python and the C library that an environment is resolved for, read off names."""

import pytest

from mlc.images.locks.target import c_library, python_for, uv_platform


@pytest.mark.parametrize(
    ("asked", "base", "python"),
    [
        ("3.8", "ubuntu:20.04", "3.8"),
        ("3.8.5", "python:3.11", "3.8.5"),
        (None, "docker.io/library/python:3.9-slim", "3.9"),
        (None, "python:3.11.4", "3.11.4"),
        (None, "ubuntu:22.04", None),
        (">=3.9", "python:3.12-slim", "3.12"),
        (">=3.9,<3.11", "python:3.12-slim", "3.10"),
        (">=3.9", "ubuntu:22.04", "3.11"),
        (">=3.12", "ubuntu:22.04", "3.14"),
        ("<3.9", "ubuntu:20.04", "3.8"),
        ("<=3.9", "ubuntu:20.04", "3.9"),
        ("<3.9.5", "ubuntu:20.04", "3.9"),
        ("~=3.8", "ubuntu:20.04", "3.11"),
        ("~=3.8.2", "ubuntu:20.04", "3.8"),
        ("!=3.11", "ubuntu:20.04", "3.14"),
        ("3", "python:3.10", "3.10"),
        ("==3.7.*", "ubuntu:20.04", "3.7"),
        (">=4.0", "ubuntu:20.04", None),
    ],
)
def test_one_python_is_resolved_for(asked, base, python):
    assert python_for(asked, base) == python


@pytest.mark.parametrize(
    ("base", "library"),
    [
        ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:latest", "manylinux_2_31"),
        ("mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04", "manylinux_2_17"),
        ("python:3.11-slim-bookworm", "manylinux_2_36"),
        ("python:3.11-alpine", "musl"),
        ("python:3.11", "manylinux_2_28"),
    ],
)
def test_the_base_says_which_wheels_it_loads(base, library):
    assert c_library(base) == library


def test_uv_is_told_machine_and_library():
    assert uv_platform("linux/arm64", "manylinux_2_28") == "aarch64-manylinux_2_28"
    assert uv_platform("linux/amd64", "musl") == "x86_64-unknown-linux-musl"
