"""What a person asks of a run."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mlc.config.network import NOTHING_SET, Network
from mlc.records import dataclass


class EngineChoice(StrEnum):
    """``auto``: Docker if an engine answers, else plain processes."""

    AUTO = "auto"
    DOCKER = "docker"
    PROCESS = "process"


class GpuChoice(StrEnum):
    """``auto``: reserve GPUs where there are any and say so where not; ``on``: insist; ``off``: never."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """``inputs``: text by name of a plan input, checked already (see ``runner.inputs.overrides``)."""

    engine: EngineChoice = EngineChoice.AUTO
    gpu: GpuChoice = GpuChoice.AUTO
    inputs: Mapping[str, str] = field(default_factory=dict)
    max_parallel: int | None = None
    """Steps at a time; None: as many as the machine has cores, but two at least."""
    only: tuple[str, ...] = ()
    """Names of tasks: these and what they need; empty: all. What they need is reused where nothing changed."""
    force: bool = False
    """Run every step even if nothing changed."""
    continue_on_step_failure: bool | None = None
    """None: as the plan says."""
    keep_failed: bool = False
    """Leave the container of a failed step there, to look into."""
    network: Network = NOTHING_SET
    """How this site reaches the internet: for environments that are made now, and for the steps."""
    user: str = "1000:1000"
    """``uid:gid`` of the steps' processes in containers; the same as in a fresh bundle's ``.env``."""
