"""What images hold, and what of them is kept and thrown away, on real engines (and stand-in base images)."""

import json
import re
import subprocess
import tarfile
import time
from dataclasses import replace
from itertools import takewhile

import pytest
from tests.engine.test_layers import SMALL, layers, workshop
from tests.support.standins import OPENMPI

from mlc.images import find_engine
from mlc.images.engine import Engine
from mlc.images.inventory import take
from mlc.images.layer_titles import titled
from mlc.images.prune import Wish, carry_out, decide

pytestmark = pytest.mark.engine
__all__ = ["workshop"]

CACHES = re.compile(r"(root|home/[^/]+)/\.cache/.|var/cache/.+/.|var/lib/apt/lists/.|tmp/.+/.|.*\.(whl|conda|deb)$")
WRITABLE = re.compile(r"mlc/(inputs|outputs|state|mlflow|values)\b")


def added(engine, reference):
    """Everything that the layers above the base image put into an image, as entries of their archives."""
    (base, all_layers), _ = layers(engine, OPENMPI, reference)
    saving = subprocess.Popen(["docker", "save", reference], env=engine.variables(), stdout=subprocess.PIPE)
    found = []
    with tarfile.open(fileobj=saving.stdout, mode="r|") as archive:
        manifest, piles = b"", {}
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None and member.name == "manifest.json":
                manifest = content.read()
            elif content is not None:
                try:
                    with tarfile.open(fileobj=content, mode="r|*") as layer:
                        piles[member.name] = list(layer)
                except tarfile.ReadError:
                    continue  # a manifest or a configuration
    assert saving.wait() == 0
    (about,) = json.loads(manifest)
    assert len(about["Layers"]) == len(all_layers)
    for name in about["Layers"][len(base) :]:
        found += piles[name]
    return found


def of_pipeline(name, wish):
    """The inventory, and the decisions about the images of one pipeline: others share the engine."""
    found = find_engine()
    assert isinstance(found, Engine)
    kept = take(found)
    ours = [one for one in decide(kept, wish, time.time()) if getattr(one.item, "pipeline", "") == name]
    return found, kept, tuple(ours)


def test_an_image_is_small_and_safe(engine, workshop):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    around = workshop.bundle.parent
    subprocess.run(["git", "init", "-q"], cwd=around, check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=around, check=True)
    (image,) = workshop.build(one=(SMALL["alpha"], SMALL["beta"])).images
    entries = added(engine, image.reference)
    names = {entry.name.removeprefix("./") for entry in entries}

    assert not [entry.name for entry in entries if entry.isfile() and CACHES.match(entry.name.removeprefix("./"))]
    assert not [entry.name for entry in entries if entry.isfile() and entry.mode & 0o6000]
    open_to_all = [
        entry.name for entry in entries if not entry.issym() and entry.mode & 0o002 and not entry.mode & 0o1000
    ]
    assert not [name for name in open_to_all if not WRITABLE.match(name.removeprefix("./"))]

    sources = {
        name for name in names if re.match(r"opt/mlc/env/.*/site-packages/(alpha|beta|pip)/(.*/)?[^/]+\.py$", name)
    }
    assert {"alpha", "beta", "pip"} <= {name.partition("site-packages/")[2].partition("/")[0] for name in sources}
    compiled = {
        re.sub(r"__pycache__/([^/]+)\.cpython-\d+\.pyc$", r"\1.py", name) for name in names if name.endswith(".pyc")
    }
    assert sources <= compiled

    about = json.loads(engine.docker("image", "inspect", image.reference).stdout)[0]["Config"]
    assert about["User"] == "1000:1000"
    labels = about["Labels"]
    assert labels["io.mlc.environment.key"] == image.key
    assert labels["org.opencontainers.image.version"] == image.reference.rpartition(":")[2]
    assert labels["org.opencontainers.image.base.name"] == OPENMPI
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", labels["org.opencontainers.image.revision"])
    assert (
        f"{image.reference.rpartition(':')[0]}:latest"
        not in engine.docker("images", "--format", "{{.Repository}}:{{.Tag}}").stdout
    )


def test_what_is_kept_is_told_and_what_nobody_uses_goes(engine, workshop):
    made = workshop.build(one=(SMALL["alpha"], SMALL["beta"]), two=(SMALL["alpha"], SMALL["gamma"]))
    one, two = (image.reference for image in made.images)
    _, kept, decided = of_pipeline(made.name, Wish(unused=True))
    assert [(item.name, item.goes) for item in sorted(decided, key=lambda item: item.name)] == [
        (one, False),
        (two, False),
    ]
    ours = {image.name: image for image in kept.images.ours if image.pipeline == made.name}
    (base, first, second), _ = layers(engine, OPENMPI, one, two)
    assert [len(ours[one].layers), len(ours[two].layers)] == [len(first), len(second)]
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    union = kept.images.size(ours.values())
    assert union == ours[one].size + ours[two].size - sum(layer.size for layer in ours[one].layers[:shared])
    titles = [layer.title for layer in titled(kept, ours[one])]
    assert titles[0] == f"base image {OPENMPI}"
    assert {"Python", "mlc's launcher"} <= {*titles}
    assert len(base) < shared

    engine.docker("create", "--name", f"{made.name}-box", one)
    engine.docker("tag", two, f"{made.name}-two:kept")
    try:
        _, _, decided = of_pipeline(made.name, Wish())
        assert {item.name: item.goes for item in decided} == {one: False, two: False}
    finally:
        engine.docker("rm", f"{made.name}-box")
        engine.docker("rmi", f"{made.name}-two:kept")

    changed = workshop.build(one=(SMALL["alpha"], SMALL["delta"]), two=(SMALL["alpha"], SMALL["gamma"]))
    (workshop.bundle / "plan.json").write_text(
        json.dumps({"images": [{"reference": image.reference, "key": image.key} for image in changed.images]})
    )
    found, kept, decided = of_pipeline(made.name, Wish(unused=True))
    assert {item.name: item.goes for item in decided} == {one: True, two: False, changed.images[0].reference: False}
    carry_out(tuple(replace(item) for item in decided), kept, found)
    assert engine.docker("image", "inspect", one, check=False).returncode == 1
    assert engine.docker("image", "inspect", two, OPENMPI).returncode == 0


def test_an_image_that_somebody_builds_on_ours_is_not_ours(engine, workshop, tmp_path):
    (image,) = workshop.build(one=(SMALL["alpha"],)).images
    theirs = f"mlc/{workshop.name}-theirs:{image.key[:12]}-1"
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "Dockerfile").write_text(f"FROM {image.reference}\nENV A=1\n")
    engine.docker("build", "-q", "-t", theirs, str(tmp_path / "theirs"))
    _, kept, decided = of_pipeline(workshop.name, Wish())
    assert [item.name for item in decided] == [image.reference]
    assert kept.images.freed([item.item for item in decided]) == 0
