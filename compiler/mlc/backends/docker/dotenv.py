"""``.env``: what the bundle's user may change, with its defaults; Compose reads it, the shell's variables win."""

from typing import ClassVar

from mlc.backends.docker.site import build_lines, run_lines
from mlc.config.network import NOTHING_SET, Network
from mlc.ir.plan import Plan, PlanInput
from mlc.ir.variables import needed_variables
from mlc.render import prepared, render


@prepared
class Setting:
    """One variable; ``about`` is the comment above it."""

    variable: str
    value: str
    about: str


@prepared
class EnvFile:
    """The file's fields. ``overlay``: GPU reservations are off; ``has_overlay``: there is something to switch."""

    TEMPLATE: ClassVar[str] = "docker/env.j2"
    name: str
    overlay: bool
    has_overlay: bool
    settings: tuple[Setting, ...]
    network: str
    """Lines ``NAME=value`` for builds, with ``${VARIABLES}``."""
    step_network: str
    """The same for steps; '': they get none."""


def env_file(plan: Plan, *, gpu: bool, network: Network = NOTHING_SET) -> str:
    """The text of ``.env``; without ``gpu``, a plain ``docker compose up`` takes the overlay that reserves nothing."""
    wanted = any(task.reservation.wants_gpu for task in plan.tasks)
    settings = tuple(
        Setting(variable=given.variable, value=_value(given), about=_about(given)) for given in plan.inputs
    )
    return render(
        EnvFile(
            name=plan.name,
            overlay=wanted and not gpu,
            has_overlay=wanted,
            settings=settings,
            network=build_lines(network, needed_variables(plan)),
            step_network=run_lines(network),
        )
    )


def _value(given: PlanInput) -> str:
    value = given.value or ""
    if not given.type.is_data or given.remote or not value or value.startswith((".", "/")) or ":" in value[:3]:
        return value
    return f"./{value}"


def _about(given: PlanInput) -> str:
    kind = f"{given.type}, optional" if given.optional else str(given.type)
    return f"{given.name} ({kind}): {given.description}" if given.description else f"{given.name} ({kind})"
