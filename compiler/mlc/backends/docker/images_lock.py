"""``images.lock``: which of the bundle's images its registry has, and under which digest."""

from mlc.ir.plan import Plan


def images_lock(plan: Plan) -> str:
    """A line ``name:tag@sha256:...`` per image that is there, sorted: ``docker pull`` takes it as it is."""
    lines = sorted(f"{image.reference}@{image.digest}" for image in plan.images if image.digest)
    return "\n".join(["# The images that this bundle runs, by digest.", *lines]) + "\n"
