from mlc.backends.docker.image_labels import image_labels
from mlc.ir.image import BuildDockerfile, Image, Recipe, UseImage, UvInstall
from mlc.ir.lock import Lock
from mlc.ir.plan import Plan

DIGEST = "sha256:" + "a" * 64


def labels(recipe: Recipe, reference: str = "localhost:5000/team/mlc/p-train:0123-4567") -> dict[str, str]:
    image = Image(name="train", recipe=recipe, components=(), key="f" * 64, reference=reference)
    plan = Plan(name="p", tasks=(), images=(image,), components=())
    return dict(image_labels(plan, image))


def test_the_version_is_the_tag_so_that_the_one_of_the_base_image_is_not_taken_for_ours():
    found = labels(UseImage(base="ubuntu:22.04"))
    assert found["org.opencontainers.image.version"] == "0123-4567"
    assert found["org.opencontainers.image.base.name"] == "ubuntu:22.04"
    assert found["org.opencontainers.image.title"] == "p/train"
    assert (found["io.mlc.pipeline"], found["io.mlc.environment"]) == ("p", "train")
    assert "org.opencontainers.image.base.digest" not in found


def test_the_digest_of_the_base_is_told_where_it_is_known():
    pinned = labels(UseImage(base=f"ubuntu@{DIGEST}"))
    assert pinned["org.opencontainers.image.base.name"] == "ubuntu"
    assert pinned["org.opencontainers.image.base.digest"] == DIGEST
    locked = labels(UvInstall(base="ubuntu", python=None, requirements=(), lock=Lock(base_digest=DIGEST)))
    assert locked["org.opencontainers.image.base.digest"] == DIGEST


def test_nothing_is_said_of_a_base_that_an_author_s_dockerfile_chooses():
    assert not [name for name in labels(BuildDockerfile()) if ".base." in name]


def test_no_label_has_a_time():
    assert not [name for name in labels(UseImage(base="x")) if "created" in name or "date" in name]
