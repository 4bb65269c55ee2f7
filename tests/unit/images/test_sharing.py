"""What a build takes from a registry and gives to it, against a `docker` that is a function."""

import pytest

from mlc.diagnostics import Diagnostic, MlcError
from mlc.images.digests import known_digest, known_digests, remember_digest
from mlc.images.layer_cache import Export, LayerCache, can_export
from mlc.images.options import BuildOptions
from mlc.images.sharing import Sharing, to_push
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import Plan

DIGEST = "sha256:" + "5" * 64
NAME = "localhost:5000/mlc/p-train:0123456789ab-cdef01234567"
IMAGE = Image(name="train", recipe=UseImage(base="b"), components=(), key="0123456789abcdef", reference=NAME)
PLAN = Plan(name="p", tasks=(), images=(IMAGE,), components=(), registry="localhost:5000")


class Docker:
    """Answers by the first word of the command; notes every command."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, command):
        assert command[0] == "docker"
        self.asked.append(" ".join(command[1:]))
        return self.answers.get(command[1], (0, [f"x: digest: {DIGEST} size: 1"]))


def sharing(plan=PLAN, **options):
    told: list[Diagnostic] = []
    return Sharing(plan, BuildOptions(**options), "docker", told.append), told


def test_what_the_registry_has_is_pulled_and_remembered():
    docker, (made, _) = Docker(pull=(0, [f"Digest: {DIGEST}"])), sharing()
    assert made.obtain(IMAGE, docker)
    assert known_digests(PLAN) == {"train": DIGEST}


def test_without_a_registry_nobody_is_asked():
    from dataclasses import replace

    docker, (made, _) = Docker(), sharing(replace(PLAN, registry=""))
    assert not made.obtain(IMAGE, docker)
    assert docker.asked == []


def test_what_the_registry_lost_is_forgotten():
    remember_digest(NAME, DIGEST)
    docker, (made, _) = Docker(pull=(1, ["manifest unknown"])), sharing()
    assert not made.obtain(IMAGE, docker)
    assert known_digest(NAME) == ""


def test_a_silent_registry_is_a_warning_once_and_then_left_alone():
    docker, (made, told) = Docker(pull=(1, ["dial tcp: i/o timeout"])), sharing()
    assert not made.obtain(IMAGE, docker)
    assert not made.obtain(IMAGE, docker)
    assert len(docker.asked) == 1
    (item,) = told
    assert item.code == "W630"
    assert item.text.endswith("What is missing is built here.")


def test_a_silent_registry_is_an_error_before_anything_is_built_for_it():
    made, told = sharing(push=True)
    with pytest.raises(MlcError) as stop:
        made.obtain(IMAGE, Docker(pull=(1, ["dial tcp: i/o timeout"])))
    assert stop.value.diagnostic.code == "E632"
    assert told == []


def test_what_is_known_to_be_there_is_not_pushed():
    assert to_push(IMAGE, BuildOptions(push=True))
    assert not to_push(IMAGE, BuildOptions())
    remember_digest(NAME, DIGEST)
    assert not to_push(IMAGE, BuildOptions(push=True))


def test_a_fresh_build_is_not_what_the_registry_has():
    remember_digest(NAME, DIGEST)
    sharing()[0].built(IMAGE)
    assert known_digest(NAME) == ""


def test_where_the_image_carries_its_layers_it_is_pushed_as_the_cache_too():
    docker, (made, _) = (
        Docker(info=(0, ['[["Backing Filesystem","extfs"]]'])),
        sharing(push=True, cache="localhost:5000/c"),
    )
    made.publish(IMAGE, docker)
    assert docker.asked == [
        f"push {NAME}",
        "buildx inspect",
        "info --format {{json .DriverStatus}}",
        f"tag {NAME} localhost:5000/c/p-train:0123456789ab",
        "push localhost:5000/c/p-train:0123456789ab",
        "rmi localhost:5000/c/p-train:0123456789ab",
        f"tag {NAME} localhost:5000/c/p-train:head-amd64",
        "push localhost:5000/c/p-train:head-amd64",
        "rmi localhost:5000/c/p-train:head-amd64",
    ]
    assert known_digest(NAME) == DIGEST


def test_a_cache_is_only_read_without_push():
    docker, (made, _) = Docker(), sharing(cache="localhost:5000/c")
    options = made.with_cache(IMAGE, docker)
    assert options.cache_from == (
        "type=registry,ref=localhost:5000/c/p-train:0123456789ab",
        "type=registry,ref=localhost:5000/c/p-train:head-amd64",
    )
    assert options.cache_to == ()
    assert docker.asked == []


def test_a_builder_that_can_exports_all_stages():
    cache = LayerCache(repository="localhost:5000/c", export=Export.REGISTRY)
    assert cache.targets(PLAN, IMAGE)[0] == "type=registry,ref=localhost:5000/c/p-train:0123456789ab,mode=max"


@pytest.mark.parametrize(
    ("driver", "stores", "wanted"),
    [
        ("docker", '[["driver-type","io.containerd.snapshotter.v1"]]', Export.REGISTRY),
        ("docker", '[["Backing Filesystem","extfs"]]', Export.INLINE),
        ("docker", "null", Export.INLINE),
        ("docker-container", "null", Export.REGISTRY),
    ],
)
def test_what_a_builder_can(driver, stores, wanted):
    docker = Docker(buildx=(0, ["Name:   x", f"Driver:  {driver}"]), info=(0, [stores]))
    assert can_export("docker", docker) is wanted
