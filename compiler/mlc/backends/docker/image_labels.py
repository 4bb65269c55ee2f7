"""The labels of an image: annotations as the OCI image specification names them, and mlc's own (``io.mlc...``).

They stand in the Dockerfile, so they say what the bundle itself knows. Where the source comes from and at which
revision is added when an image is built: the text of a bundle does not change with every commit. No label has a time.
"""

from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UvInstall
from mlc.ir.plan import Plan

OCI = "org.opencontainers.image"


def image_labels(plan: Plan, image: Image) -> tuple[tuple[str, str], ...]:
    """Name and value of each but the key, which comes last.

    The version is the tag: a label of the base image would be taken for ours otherwise.
    """
    base, digest = _base(image)
    found = (
        (f"{OCI}.title", f"{plan.name}/{image.name}"),
        (f"{OCI}.description", f"Environment {image.name} of the pipeline {plan.name}, with the code of its steps"),
        (f"{OCI}.version", image.reference.rpartition("/")[2].partition(":")[2]),
        (f"{OCI}.base.name", base),
        (f"{OCI}.base.digest", digest),
        ("io.mlc.pipeline", plan.name),
        ("io.mlc.environment", image.name),
    )
    return tuple((name, value) for name, value in found if value)


def _base(image: Image) -> tuple[str, str]:
    """Name and digest of what the image is built on, as far as they are known."""
    recipe = image.recipe
    if isinstance(recipe, BuildDockerfile):
        return "", ""
    name, _, digest = recipe.base.partition("@")
    if not digest and isinstance(recipe, UvInstall | MambaInstall) and recipe.lock is not None:
        digest = recipe.lock.base_digest
    return name, digest
