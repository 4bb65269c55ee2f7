"""Stand-ins for base images that cannot be pulled: Debian with Python under the very names that pipelines use.

No registry may be reachable from a test machine, and local tags win over a registry's, so unmodified bundles build on
these. They are not the images whose names they bear: nothing that a test sees in them says anything about the real
ones. A name that the engine has, or can pull, is left alone.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.engine import ENGINES, HOME, Engine
from tests.support.packages import unpack

from mlc.config import Config
from mlc.hashing import digest, digest_file

OPENMPI = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
"""The tutorial's base image."""
CURATED = "mcr.microsoft.com/azureml/curated/sklearn-1.5"
PYTHON = (OPENMPI, f"{CURATED}:33", f"{CURATED}:latest", "docker.io/library/python:latest", Config().default_base)
"""Names that get Debian with Python 3.11 (called python, too), venv, pip and bash."""
R = "rocker/tidyverse:4.0.0-ubuntu18.04"
"""Debian's R, without any package of its own. Only on demand: it takes most of a minute to make."""
BUSYBOX = "docker.io/library/busybox:latest"
"""sh and coreutils, nothing else."""
UV = Config().uv_image
MICROMAMBA = Config().micromamba_image
"""Holds a wrapper over py-rattler instead, which solves and links (:mod:`tests.support.micromamba_standin`)."""
ALL = (*PYTHON, BUSYBOX, UV, MICROMAMBA)

_LABEL = "io.mlc.test.stand-in"
_MAMBA_SCRIPT = Path(__file__).with_name("micromamba_standin.py")
_RECIPES = digest([digest_file(Path(__file__)), digest_file(_MAMBA_SCRIPT)])[:12]
"""Says which version of these files made a stand-in."""

_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_TRUST = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_INDEX = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL")


def provide(engine: Engine, *names: str) -> None:
    """Make sure that ``engine`` has images of these names, all known ones if none is given; idempotent."""
    for name in names or ALL:
        if not _there(engine, name) and engine.docker("pull", "--quiet", name, check=False).returncode:
            _import(engine, name)


def _import(engine: Engine, name: str) -> None:
    """Make the image, or give one of the same material this name, too."""
    material, make = _material(name)
    common = f"mlc-test/{material}"
    if not _there(engine, common):
        changes = [f"--change=ENV {variable}={value}" for variable, value in _environment(name).items()]
        changes += [f"--change=LABEL {_LABEL}={_RECIPES}", '--change=CMD ["/bin/sh"]']
        engine.docker("import", *changes, str(_cached(material, make)), common)
    engine.docker("tag", common, name)


def _there(engine: Engine, name: str) -> bool:
    """An image of that name, unless it is a stand-in that an earlier version of this file made."""
    found = engine.docker("image", "inspect", "--format", "{{json .Config.Labels}}", name, check=False)
    labels = json.loads(found.stdout) if found.returncode == 0 else {_LABEL: "none"}
    return (labels or {}).get(_LABEL, _RECIPES) == _RECIPES


def _material(name: str) -> tuple[str, Callable[[Path], None]]:
    if name == UV:
        return "uv-" + UV.rpartition(":")[2], _uv
    if name == BUSYBOX:
        return "busybox", _busybox
    if name == MICROMAMBA:
        return "micromamba", _micromamba
    if name == R:
        return "r", _r
    return "python-3.11", _python


def _environment(name: str) -> dict[str, str]:
    """What a container needs to reach the package index from this machine: its authorities, its index."""
    if name in (UV, BUSYBOX, MICROMAMBA):
        return {}
    trust = dict.fromkeys(_TRUST, str(_CERTIFICATES)) if _CERTIFICATES.is_file() else {}
    return trust | {name: os.environ[name] for name in _INDEX if "://" in os.environ.get(name, "")}


def _cached(name: str, make: Callable[[Path], None]) -> Path:
    """The tarball of a root file system, made once on this machine."""
    tarball = HOME / "standins" / f"{name}-{_RECIPES}.tar"
    if not tarball.is_file():
        tarball.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=tarball.parent) as work:
            partial = Path(work, tarball.name)
            make(partial)
            partial.rename(tarball)
        for older in tarball.parent.glob(f"{name}*.tar"):
            if older != tarball:
                older.unlink()
    return tarball


def _python(tarball: Path) -> None:
    _debian(tarball, "ca-certificates,python3,python3-venv,python3-pip,python-is-python3")


def _r(tarball: Path) -> None:
    _debian(tarball, "ca-certificates,r-base-core")


def _debian(tarball: Path, packages: str) -> None:
    customize = [f"--customize-hook=copy-in {_CERTIFICATES} /etc/ssl/certs"] if _CERTIFICATES.is_file() else []
    slim = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*"]
    dropped = [f"--dpkgopt=path-exclude={pattern}" for pattern in slim]
    _run("mmdebstrap", "--variant=minbase", f"--include={packages}", *customize, *dropped, "bookworm", str(tarball))


def _busybox(tarball: Path) -> None:
    with _root(tarball) as root, tempfile.TemporaryDirectory() as folder:
        # The package cannot be installed beside ``busybox``, which a machine may have.
        unpack(Path(folder, "package"), "busybox-static")
        binary = root / "bin" / "busybox"
        binary.parent.mkdir()
        shutil.copy(Path(folder, "package", "bin", "busybox"), binary)
        applets = subprocess.run([binary, "--list"], capture_output=True, text=True, check=True).stdout.split()
        for applet in applets:
            if applet != "busybox":
                (root / "bin" / applet).symlink_to("busybox")
        (root / "tmp").mkdir()
        (root / "tmp").chmod(0o1777)


def _micromamba(tarball: Path) -> None:
    """One file, run by the base image's Python: the wrapper and, from this Python, the libraries that it needs."""
    with _root(tarball) as root:
        program = root / "bin" / "micromamba"
        program.parent.mkdir()
        micromamba_program(program)


def micromamba_program(path: Path) -> None:
    """Write the stand-in for micromamba, as one executable file."""
    with path.open("wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(_MAMBA_SCRIPT, "__main__.py")
            for package in ("rattler", "yaml"):
                (folder,) = importlib.util.find_spec(package).submodule_search_locations  # type: ignore[union-attr, misc]
                for file in sorted(Path(folder).rglob("*")):
                    if file.suffix in (".py", ".so") and not (package == "yaml" and file.suffix == ".so"):
                        archive.write(file, f"{package}/{file.relative_to(folder)}")
    path.chmod(0o755)


def _uv(tarball: Path) -> None:
    """The statically linked program from PyPI's wheel, alone at ``/uv`` as in the image of that name."""
    with _root(tarball) as root, tempfile.TemporaryDirectory() as wheel:
        version = UV.rpartition(":")[2]
        uv = Path(sysconfig.get_path("scripts"), "uv")
        target = f"--target={wheel}"
        _run(
            str(uv),
            "pip",
            "install",
            target,
            "--no-deps",
            "--python-platform=x86_64-unknown-linux-musl",
            f"uv=={version}",
        )
        shutil.copy(Path(wheel, "bin", "uv"), root / "uv")


@contextmanager
def _root(tarball: Path) -> Iterator[Path]:
    """A temporary folder that becomes ``tarball`` when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        with tarfile.open(tarball, "w") as archive:
            archive.add(folder, arcname=".")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["default"]:
        provide(ENGINES[wanted]())
