"""``vendor/`` of a bundle: everything that its images are made of, so that they build where there is no network.

``vendor/images/<id>.tar`` are base images and tools as ``docker save`` writes them, ``vendor/wheels/`` the files of the
locks. ``vendor/manifest.json`` is written last: what it lists is whole, and what is there is not fetched again.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlc.config.network import Network
from mlc.diagnostics import NOWHERE, Diagnostic, fail
from mlc.hashing import digest_file
from mlc.images.cache import write_atomically
from mlc.images.engine import Engine
from mlc.images.store import need_engine, present
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.plan import Plan
from mlc.records import dataclass

MANIFEST = "vendor/manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendored:
    """What lies in ``vendor/`` now; ``fetched`` of these ``files`` were not there before. ``size`` in bytes."""

    files: tuple[str, ...]
    fetched: tuple[str, ...]
    size: int
    warnings: tuple[Diagnostic, ...] = ()


def vendor(plan: Plan, bundle: Path, names: tuple[str, ...], network: Network, told: Callable[[str], None]) -> Vendored:
    """Collect what the images of ``plan`` are made of; ``MlcError`` E638 or E639 for what cannot be had.

    ``names``: of the images that the Dockerfiles start from, or mount.

    ``told`` hears of each thing that is fetched.
    """
    from mlc.images.vendor_wheels import wheels

    folder = bundle / "vendor"
    (folder / "wheels").mkdir(parents=True, exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    fetched: list[str] = []
    files: dict[str, dict[str, Any]] = {}
    warnings = []
    engine = need_engine()

    def came(name: str) -> None:
        fetched.append(name)
        told(name)

    for image in plan.images:
        if isinstance(image.recipe, UvInstall):
            files |= wheels(plan, image, folder, network, came)
        elif (problem := _left_out(image)) is not None:
            warnings.append(problem)
    images = [_image(name, folder, engine, fetched, told) for name in names]
    manifest = {
        "format": 1,
        "platform": plan.platform,
        "keys": {image.name: image.key for image in plan.images},
        "images": images,
        "files": [{"path": path, **about} for path, about in sorted(files.items())],
    }
    _forget(folder, {item["path"] for item in images} | set(files))
    write_atomically(bundle / MANIFEST, json.dumps(manifest, indent=1) + "\n")
    paths = (*sorted(files), *(item["path"] for item in images))
    size = sum((folder / path).stat().st_size for path in paths)
    return Vendored(files=paths, fetched=tuple(fetched), size=size, warnings=tuple(warnings))


def is_vendored(plan: Plan, bundle: Path) -> bool:
    """Whether the bundle's folder holds all that the images of ``plan`` are made of."""
    manifest = _manifest(bundle)
    return manifest.get("keys") == {image.name: image.key for image in plan.images}


def load(bundle: Path, engine: Engine, docker: str) -> None:
    """Give the engine those of the bundle's base images and tools that it has not; ``MlcError`` E638."""
    import subprocess

    items = _manifest(bundle).get("images") or []
    there = present([item["name"] for item in items], engine) if items else frozenset()
    for item in items:
        if item["name"] not in there:
            command = [docker, "load", "--quiet", "--input", str(bundle / "vendor" / item["path"])]
            done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
            if done.returncode:
                what = f"The image {item['name']} of vendor/ cannot be loaded"
                raise fail("E638", NOWHERE, what, why=done.stderr.strip()[-300:], fix="Run `mlc vendor` anew")


def _left_out(image: Image) -> Diagnostic | None:
    if not isinstance(image.recipe, MambaInstall):
        return None
    what = f"The conda packages of environment {image.name} are not collected"
    fix = "Its image needs the channels when it is built; or build it here and carry it with `mlc cache export`"
    return fail("W639", image.span, what, fix=fix).diagnostic


def _image(name: str, folder: Path, engine: Engine, fetched: list[str], told: Callable[[str], None]) -> dict[str, str]:
    import subprocess

    def docker(*words: str) -> str:
        done = subprocess.run(["docker", *words], check=False, capture_output=True, text=True, errors="replace")
        if done.returncode:
            why = (done.stderr or done.stdout).strip()[-300:]
            raise fail(
                "E638",
                NOWHERE,
                f"The image {name} cannot be collected",
                why=why,
                fix="Check its name and `docker login`",
            )
        return done.stdout.strip()

    if not present([name], engine):
        told(name)
        docker("pull", "--quiet", name)
    tagged, digest = name.partition("@")[::2]
    if digest and ":" in tagged.rpartition("/")[2]:  # a file that is saved by digest has no name to be found by
        docker("tag", name, tagged)
        name = tagged
    id_ = docker("image", "inspect", "--format", "{{.Id}}", name).rpartition(":")[2]
    path = f"images/{id_[:24]}.tar"
    if not (folder / path).is_file():
        told(name)
        scratch = folder / f".{id_[:24]}.{os.getpid()}"
        try:
            docker("save", "--output", str(scratch), name)
            scratch.replace(folder / path)
        finally:
            scratch.unlink(missing_ok=True)
        fetched.append(path)
    return {"name": name, "id": id_, "path": path, "sha256": digest_file(folder / path)}


def _forget(folder: Path, kept: set[str]) -> None:
    """Remove what an earlier lock or base image left."""
    for part in ("wheels", "images"):
        for path in (folder / part).iterdir():
            if f"{part}/{path.name}" not in kept:
                path.unlink()


def _manifest(bundle: Path) -> dict[str, Any]:
    try:
        value = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
