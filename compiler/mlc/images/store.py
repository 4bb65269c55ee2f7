"""Which images of a plan the engine already has: a tag changes with everything that goes into an image."""

import os
from collections.abc import Iterable

from mlc.diagnostics import NOWHERE, fail
from mlc.images.engine import Engine, NoEngine, SilentEngineError, find_engine, get_json
from mlc.images.words import capital
from mlc.ir.image import Image
from mlc.ir.plan import Plan


def need_engine() -> Engine:
    """The engine; ``MlcError`` E650 if none answers."""
    match find_engine():
        case Engine() as engine:
            return engine
        case NoEngine() as none:
            raise fail("E650", NOWHERE, "No Docker engine answers", why=capital(none.reason), fix=none.fix)


def missing(plan: Plan, engine: Engine | None = None) -> tuple[Image, ...]:
    """The images of ``plan`` that are not there, in the plan's order."""
    there = present((image.reference for image in plan.images), engine or need_engine())
    return tuple(image for image in plan.images if image.reference not in there)


def present(references: Iterable[str], engine: Engine) -> frozenset[str]:
    """Those of ``references`` that the engine has."""
    wanted = sorted(set(references))
    try:
        if engine.endpoint.scheme in ("ssh", "npipe", "fd"):
            return frozenset(name for name in wanted if _inspect(name))
        return frozenset(name for name in wanted if get_json(engine.endpoint, f"/images/{_quoted(name)}/json", 30.0))
    except (OSError, SilentEngineError, ValueError) as error:
        raise fail(
            "E652", NOWHERE, "The Docker engine does not say which images it has", why=capital(str(error))
        ) from error


def _quoted(reference: str) -> str:
    from urllib.parse import quote

    return quote(reference, safe="/:@")


def _inspect(reference: str) -> bool:
    import subprocess

    command = ["docker", "image", "inspect", "--format", "{{.Id}}", reference]
    return subprocess.run(command, check=False, capture_output=True, env=dict(os.environ)).returncode == 0
