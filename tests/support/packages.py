"""Docker from Debian's own archive: one pair installed, a newer one only unpacked beside it.

The OLD pair (Debian 12's engine 20.10 with Debian 13's Compose 2.26 and buildx 0.13) is installed as packages. The
NEW pair (sid's engine 28, Compose 2.40, buildx 0.29) cannot be installed at the same time, so its packages are
unpacked into a folder of their own and run from there. Foreign suites get a priority below 500: nothing else is ever
upgraded from them.
"""

import os
import shutil
import subprocess
from pathlib import Path

OLD = ("docker.io", "docker-compose/trixie", "docker-buildx/trixie", "iptables", "iproute2")
NEW = ("docker.io/sid", "docker-cli/sid", "containerd/sid", "docker-compose/sid", "docker-buildx/sid")
MATERIAL = ("mmdebstrap", "dataset-fashion-mnist")
"""For the stand-in base images, and the whole of Fashion-MNIST."""

SOURCES = Path("/etc/apt/sources.list.d/mlc-engine.sources")
PREFERENCES = Path("/etc/apt/preferences.d/mlc-engine")

_SOURCES = """\
Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
_PREFERENCES = """\
Package: *
Pin: release n=trixie
Pin-Priority: 100

Package: *
Pin: release n=sid
Pin-Priority: 50
"""


def why_not() -> str | None:
    """Why this machine cannot be given an engine; None: it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "no Docker engine answers, and only root can bring one up"
    if not _is_bookworm():
        return "no Docker engine answers, and one is brought up on Debian 12 only"
    return None


def install_old() -> None:
    """Install the OLD pair and what the stand-in images are made of; nothing happens where all of it is there."""
    names = [package.partition("/")[0] for package in OLD + MATERIAL]
    if not _installed(names):
        _add_suites()
        _apt("install", "--yes", "--no-install-recommends", *OLD, *MATERIAL)


def install(*names: str) -> None:
    """Install other packages of this release that a test needs."""
    if not _installed(list(names)):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *names)


def unpack_new(root: Path) -> None:
    """Unpack the NEW pair below ``root``; nothing happens where it is there."""
    if not root.is_dir():
        unpack(root, *NEW)


def unpack(root: Path, *packages: str) -> None:
    """Download packages and unpack them into the new folder ``root``; nothing is installed."""
    work = root.with_name(root.name + ".partial")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    _add_suites()
    _apt("download", *packages, cwd=work)
    for package in sorted(work.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package.name, "."], cwd=work, check=True)
        package.unlink()
    work.rename(root)


def _is_bookworm() -> bool:
    release = Path("/etc/os-release")
    return release.is_file() and "VERSION_CODENAME=bookworm" in release.read_text().splitlines()


def _installed(names: list[str]) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}\n", *names]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and set(answer.stdout.split()) == {"installed"}


def _add_suites() -> None:
    PREFERENCES.write_text(_PREFERENCES)
    SOURCES.write_text(_SOURCES)
    _apt("update")


def _apt(*arguments: str, cwd: Path | None = None) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none"}
    done = subprocess.run(
        ["apt-get", "--quiet", *arguments], cwd=cwd, env=os.environ | quiet, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"apt-get {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
