"""A repository for layers: what a machine without any of them takes instead of running a Dockerfile's commands.

Its tags are ``<plan>-<image>:<key>`` and, for an environment that has changed a little since, ``:head-<architecture>``.
Where the builder can, layers of all stages are exported to it (``mode=max``). The builder inside an engine with its
classic store cannot: then the image itself says what its layers are (``inline``), and is pushed under these tags, too.
"""

import json
from enum import StrEnum

from mlc.images.registry import Run
from mlc.ir.image import Image
from mlc.ir.plan import Plan
from mlc.records import dataclass


class Export(StrEnum):
    """How layers get into the repository."""

    REGISTRY = "registry"
    INLINE = "inline"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerCache:
    """``repository``: ``ghcr.io/me/cache``. ``export`` None: it is only read."""

    repository: str
    export: Export | None = None

    def tags(self, plan: Plan, image: Image) -> tuple[str, str]:
        """The two names of what is kept for ``image``."""
        name = f"{self.repository}/{plan.name}-{image.name}"
        return f"{name}:{image.short_key}", f"{name}:head-{plan.platform.rpartition('/')[2]}"

    def sources(self, plan: Plan, image: Image) -> tuple[str, ...]:
        """Options for ``--cache-from``."""
        return tuple(f"type=registry,ref={tag}" for tag in self.tags(plan, image))

    def targets(self, plan: Plan, image: Image) -> tuple[str, ...]:
        """Options for ``--cache-to``."""
        match self.export:
            case None:
                return ()
            case Export.INLINE:
                return ("type=inline",)
            case Export.REGISTRY:
                return tuple(f"type=registry,ref={tag},mode=max" for tag in self.tags(plan, image))


def can_export(docker: str, run: Run) -> Export:
    """What the builder that is in use can do; two questions to the engine."""
    code, lines = run([docker, "buildx", "inspect"])
    drivers = [line.split(":", 1)[1].strip() for line in lines if line.startswith("Driver:")]
    if not code and drivers and drivers[0] != "docker":
        return Export.REGISTRY
    code, lines = run([docker, "info", "--format", "{{json .DriverStatus}}"])
    try:
        stores = json.loads("\n".join(lines)) if not code else []
    except ValueError:
        stores = []
    return Export.REGISTRY if any("containerd.snapshotter" in str(row) for row in stores or []) else Export.INLINE
