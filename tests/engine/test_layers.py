"""Locked environments on a real engine: what they share is there once, and a new small package comes alone."""

import json
import os
import re
import subprocess
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.engine.test_data import host
from tests.support.ir import context
from tests.support.standins import OPENMPI
from tests.support.web import Answer, Web
from tests.support.wheels import Wheel, wheel
from tests.unit.runner.plans import CODE, plan, step

from mlc.backends import EmitOptions
from mlc.backends.docker import emit
from mlc.diagnostics import MlcError
from mlc.files import write_tree
from mlc.images import Silence, build
from mlc.ir.image import Image, UvInstall
from mlc.ir.lock import Lock, LockedPackage
from mlc.ir.plan import Plan
from mlc.passes.compute_keys import compute_keys
from mlc.passes.plan_layers import plan_layers

pytestmark = pytest.mark.engine

MB = 1_000_000
TENSOR = wheel("tensor_standin", weight=20 * MB)
"""In the place of a large package: its weight is real."""
SMALL = {name: wheel(name) for name in ("alpha", "beta", "gamma", "delta")}


@dataclass
class Workshop:
    """Builds plans whose environments are locked to wheels of a server of the test's own."""

    name: str
    bundle: Path
    address: str

    def build(self, **environments: tuple[Wheel, ...]) -> Plan:
        """Each environment has its wheels; those behind the first two came by updates, one each."""
        images = tuple(
            Image(name=name, recipe=self._recipe(wheels), components=("code",)) for name, wheels in environments.items()
        )
        tasks = [replace(step(name, "true"), image=name) for name in environments]
        made = replace(plan(*tasks, images=images, components=(CODE,)), name=self.name)
        made = compute_keys(plan_layers(made, context()), context())
        write_tree(emit(made, EmitOptions()), self.bundle)
        build(made, self.bundle, Silence())
        return made

    def log(self, environment: str) -> str:
        """What the builder of an environment said last."""
        return (self.bundle / ".mlc" / "builds" / f"{environment}.log").read_text()

    def _recipe(self, wheels: tuple[Wheel, ...]) -> UvInstall:
        pip = tuple(
            LockedPackage(
                name=item.name.replace("_", "-"),
                version=item.version,
                hashes=(item.sha256,),
                size=len(item.content),
                generation=max(0, number - 1),
            )
            for number, item in enumerate(wheels)
        )
        options = (f"--find-links {self.address}", "--no-index")
        lock = Lock(pip=tuple(sorted(pip, key=lambda item: item.name)))
        return UvInstall(base=OPENMPI, python="3.11", requirements=options, lock=lock)


@pytest.fixture
def workshop(engine, monkeypatch, tmp_path):
    for variable in ("DOCKER_HOST", "DOCKER_CONFIG", "PATH"):
        monkeypatch.setenv(variable, engine.variables().get(variable, ""))
    if not engine.environment.get("DOCKER_HOST"):
        monkeypatch.delenv("DOCKER_HOST")
    with Web("0.0.0.0") as web:
        served = [TENSOR, *SMALL.values()]
        for item in served:
            web.serve(f"/{item.file_name}", Answer(body=item.content))
        links = "".join(f'<a href="{item.file_name}">{item.file_name}</a>' for item in served)
        web.serve("/", Answer(body=links.encode(), headers={"Content-Type": "text/html"}))
        found = Workshop(f"layers-{os.getpid()}", tmp_path / "bundle", f"http://{host(engine)}:{web.port}/")
        yield found
    for left in engine.docker("images", "-q", f"mlc/{found.name}-*").stdout.split():
        engine.docker("rmi", "-f", left, check=False)


def layers(engine, *references):
    """Of each image the digests of its layers from the bottom; and the bytes of all layers, as in an archive."""
    command = ["docker", "save", *references]
    saving = subprocess.Popen(command, env=engine.variables(), stdout=subprocess.PIPE)
    sizes, texts = {}, {}
    with tarfile.open(fileobj=saving.stdout, mode="r|") as archive:
        for member in archive:
            sizes[member.name] = member.size
            if member.isfile() and member.size < MB and (content := archive.extractfile(member)):
                texts[member.name] = content.read()
    assert saving.wait() == 0
    piles: dict[str, list[str]] = {}
    measured: dict[str, int] = {}
    for manifest in json.loads(texts["manifest.json"]):
        digests = json.loads(texts[manifest["Config"]])["rootfs"]["diff_ids"]
        piles |= {tag.removeprefix("docker.io/"): digests for tag in manifest["RepoTags"]}
        found = zip(digests, (sizes[name] for name in manifest["Layers"]), strict=True)
        measured |= {digest: max(size, measured.get(digest, 0)) for digest, size in found}
    return [piles[name] if ":" in name else piles[f"{name}:latest"] for name in references], measured


def installed(log):
    return re.findall(r"^#\d+ [\d.]+ +\+ (\S+)$", log, re.MULTILINE)


def test_what_three_environments_share_is_there_once_and_a_new_small_package_comes_alone(engine, workshop):
    found = workshop.build(one=(TENSOR, SMALL["alpha"]), two=(TENSOR, SMALL["beta"]), three=(SMALL["gamma"], TENSOR))
    (base, one, two, three), sizes = layers(engine, OPENMPI, *(image.reference for image in found.images))
    depth = len(base)
    virtual_environment, large = one[depth : depth + 2]
    assert one[: depth + 2] == two[: depth + 2] == three[: depth + 2]
    union = sum(item.unpacked for item in (TENSOR, SMALL["alpha"], SMALL["beta"], SMALL["gamma"]))
    assert sizes[large] > TENSOR.unpacked
    ours = {*one, *two, *three} - {*base}
    assert sum(sizes[digest] for digest in ours) <= 1.1 * (union + sizes[virtual_environment])

    more = workshop.build(one=(TENSOR, SMALL["alpha"], SMALL["delta"]), two=(TENSOR, SMALL["beta"]))
    assert more.images[1].reference == found.images[1].reference
    (after,), sizes = layers(engine, more.images[0].reference)
    assert after[: depth + 3] == one[: depth + 3]
    assert installed(workshop.log("one")) == ["delta==1.0"]
    assert 0 < sizes[after[depth + 3]] < MB / 10


def test_a_wheel_that_is_not_the_locked_one_is_refused(workshop):
    with pytest.raises(MlcError) as error:
        workshop.build(one=(replace(SMALL["alpha"], content=b"other"),))
    assert "is not the one that the lock names (alpha" in str(error.value)
