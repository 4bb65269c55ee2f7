"""What is registered in Azure ML and referred to by name: components, environments, data, models; paths in datastores.

:func:`parse_reference` reads every written form of such a reference, :func:`spelled` writes one. :class:`Names` is
what front ends and passes ask for the things themselves; ``catalog`` answers.
"""

import re
from collections.abc import Callable
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mlc.diagnostics import NOWHERE, Span
from mlc.ir.types import PortType
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.ir.component import Component
    from mlc.ir.environment import Environment, NamedEnvironment
    from mlc.ir.pipeline import Pipeline

LATEST = "latest"


class AssetKind(StrEnum):
    """What can have a name and versions."""

    COMPONENT = "component"
    ENVIRONMENT = "environment"
    DATA = "data"
    MODEL = "model"

    @property
    def plural(self) -> str:
        """As it stands in addresses and on the command line."""
        return self if self is AssetKind.DATA else f"{self}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetName:
    """Something by name. ``kind`` None: not said, any kind serves (the key of a ``--map``).

    ``version`` None means the latest; ``label`` is a label other than ``latest``, which only a service can look up.
    """

    kind: AssetKind | None
    name: str
    version: str | None = None
    label: str | None = None
    registry: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastorePath:
    """``azureml://datastores/DATASTORE/paths/PATH``, whichever workspace the address names."""

    datastore: str
    path: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where data is: a URL, or a file or folder of this machine (``local``, absolute). ``origin`` is who says so."""

    uri: str
    local: str | None = None
    type: PortType | None = None
    origin: str = ""


Reference = AssetName | DatastorePath

# Texts, not compiled: most sources name nothing, and ``re`` keeps what it has compiled.
_SHORT = r"azureml:([^:@/\s]+)(?::([^@/\s]+)|@([^:@/\s]+))?"
_PLACE = r"(?:azureml:/{0,2}|/)(?:registries/(?P<registry>[^/]+)|(?:subscriptions|locations)/.+?|(?=datastores/))"
_ADDRESS = (
    rf"{_PLACE}/?(?P<kind>components|environments|data|datasets|models)/(?P<name>[^/]+)"
    r"(?:/(?P<which>versions|labels)/(?P<version>[^/]+))?/?"
)
_DATASTORE = rf"{_PLACE}/?datastores/(?P<datastore>[^/]+)(?:/paths(?:/(?P<path>.*))?)?/?"
_KINDS = {
    "components": AssetKind.COMPONENT,
    "environments": AssetKind.ENVIRONMENT,
    "data": AssetKind.DATA,
    "datasets": AssetKind.DATA,
    "models": AssetKind.MODEL,
}


def is_reference(text: str) -> bool:
    """Whether a text names something of a workspace or registry, well-formed or not."""
    return text.lstrip("/")[:14].lower().startswith(("azureml:", "subscriptions/"))


def parse_reference(text: str, kind: AssetKind | None, span: Span = NOWHERE) -> Reference | None:
    """The reference that ``text`` is: ``azureml:NAME[:VERSION|@LABEL]`` or an address of a workspace or registry.

    ``kind`` is what a short name means at this place; an address says its own. None: ``text`` is neither.
    """
    text = text.strip()
    while text.startswith(("azureml:azureml:", "azureml:/azureml:")):
        text = text[text.index(":") + 1 :].removeprefix("/")  # f"azureml:{data.id}", where our ids are short
    if match := re.fullmatch(_SHORT, text):
        name, version, label = match.groups()
        if version and ":" in version and kind not in {AssetKind.ENVIRONMENT, None}:
            return None  # azureml:base:18.04:2022 is found among environments only
        return _named(kind, name, version, label, None, span)
    if match := re.fullmatch(_DATASTORE, text, re.IGNORECASE):
        return DatastorePath(datastore=match["datastore"], path=match["path"] or "", span=span)
    if match := re.fullmatch(_ADDRESS, text, re.IGNORECASE):
        is_label = (match["which"] or "").lower() == "labels"
        version, label = (None, match["version"]) if is_label else (match["version"], None)
        return _named(_KINDS[match["kind"].lower()], match["name"], version, label, match["registry"], span)
    return None


def _named(
    kind: AssetKind | None, name: str, version: str | None, label: str | None, registry: str | None, span: Span
) -> AssetName:
    version = None if version == LATEST else version
    label = None if label == LATEST else label
    return AssetName(kind=kind, name=name, version=version, label=label, registry=registry, span=span)


def spelled(wanted: Reference) -> str:
    """A reference as an author writes it: ``azureml:train:2``, ``azureml://registries/r/components/train``."""
    if isinstance(wanted, DatastorePath):
        return f"azureml://datastores/{wanted.datastore}/paths/{wanted.path}"
    if is_reference(wanted.name):
        return wanted.name  # an address of another form, such as the output of a job
    if wanted.registry is not None:
        place = f"azureml://registries/{wanted.registry}/{(wanted.kind or AssetKind.DATA).plural}/{wanted.name}"
        if wanted.version is not None:
            return f"{place}/versions/{wanted.version}"
        return f"{place}/labels/{wanted.label or LATEST}"
    if wanted.version is not None:
        return f"azureml:{wanted.name}:{wanted.version}"
    return f"azureml:{wanted.name}@{wanted.label}" if wanted.label else f"azureml:{wanted.name}"


class Names(Protocol):
    """Looks things up by name; what is asked for and not found is said once, at the end, of all names together."""

    def component(self, wanted: AssetName) -> "Path | Component | Pipeline | None":
        """The YAML file of a component, or one that a script has registered."""

    def environment(self, wanted: "NamedEnvironment") -> "Environment | None":
        """The environment of that name."""

    def data(self, wanted: Reference) -> Location | None:
        """Where data, a model, or a path of a datastore is."""

    def versions(self, kind: AssetKind, name: str) -> tuple[str, ...]:
        """Which versions there are, the highest last; of something without a version ``1``."""

    def known(self, kind: AssetKind) -> tuple[str, ...]:
        """The names of everything of a kind, sorted."""

    def miss(self, wanted: "Reference | NamedEnvironment") -> None:
        """Remember that ``wanted`` was needed at its place and not found."""

    def ask_first(self, registered: "Registered") -> None:
        """What the source itself has registered counts before everything but mappings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a script has registered. Each function gives None for what it has not."""

    component: "Callable[[AssetName], Component | Pipeline | None]"
    environment: "Callable[[NamedEnvironment], Environment | None]"
    data: "Callable[[AssetName], Location | None]"


class NoNames:
    """Knows no name and says nothing of it."""

    def component(self, wanted: AssetName) -> "Path | Component | Pipeline | None":
        """None."""
        return None

    def environment(self, wanted: "NamedEnvironment") -> "Environment | None":
        """None."""
        return None

    def data(self, wanted: Reference) -> Location | None:
        """None."""
        return None

    def versions(self, kind: AssetKind, name: str) -> tuple[str, ...]:
        """No version."""
        return ()

    def known(self, kind: AssetKind) -> tuple[str, ...]:
        """No name."""
        return ()

    def miss(self, wanted: "Reference | NamedEnvironment") -> None:
        """Forget it."""

    def ask_first(self, registered: Registered) -> None:
        """Never ask."""
