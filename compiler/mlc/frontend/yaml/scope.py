"""What the readers of one YAML file share: where it is, where messages go, how components are found."""

import os
import re
from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.frontend.yaml.located import Located
from mlc.ir.asset import Names, NoNames
from mlc.ir.component import Component, InputPort, OutputPort
from mlc.ir.pipeline import Pipeline
from mlc.records import dataclass

_REMOTE = re.compile(r"azureml:|git\+|[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A component of a kind that mlc refuses (spark, automl, ...): its type and ports, so that the rest is checked.

    ``type`` '' where what is wrong has been said already.
    """

    type: str
    name: str = ""
    inputs: tuple[InputPort, ...] = ()
    outputs: tuple[OutputPort, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


Resolved = Component | Pipeline | Foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """``base`` is the folder that relative paths mean; ``names`` finds components by name."""

    file: Path
    base: Path
    bag: Bag
    names: Names = field(default_factory=NoNames)
    resolve: "Callable[[Located, Scope], Resolved | None]"
    """What a node's ``component:`` stands for. Handed in, because a component can be a pipeline of nodes."""
    opened: tuple[str, ...] = ()
    """Component files that are being read, outermost first."""
    trial: bool = False
    """Whether a component is read as the trial of a sweep: its command may say ``${{search_space.x}}``."""
    depth: int = 0
    """Levels of nested pipelines."""


def is_remote(text: str) -> bool:
    """Whether a path names something that is not a local file (``azureml:...``, ``https://...``)."""
    return bool(_REMOTE.match(text)) and not text.startswith("file://")


def local_path(text: str, base: Path) -> Path:
    """The absolute path of ``text``, which is relative to ``base``; ``file:`` in front is left out."""
    text = text.removeprefix("file://") if text.startswith("file://") else text.removeprefix("file:")
    return Path(os.path.normpath(os.path.join(base, text)))  # noqa: PTH118 - '..' goes before links are followed
