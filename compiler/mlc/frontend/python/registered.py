"""What a script has registered with a client, as what looks names up asks for it."""

import os
from pathlib import Path
from typing import Any

from mlc.frontend.python.components import Components
from mlc.frontend.python.environments import described
from mlc.frontend.yaml.ports import TYPES
from mlc.frontend.yaml.scope import is_remote, local_path
from mlc.ir.asset import LATEST, AssetKind, AssetName, Location, Registered
from mlc.ir.component import Component as Built
from mlc.ir.environment import Environment, NamedEnvironment
from mlc.ir.pipeline import Pipeline
from mlc.ir.types import PortType
from mlc.sdk.component import Component
from mlc.sdk.entities import Entity

Table = dict[tuple[str, str], list[Any]]
"""(kind, name) -> versions, oldest first, as the session keeps them."""


def registered(table: Table, components: Components) -> Registered:
    """Look-ups in ``table`` as it is when somebody asks."""

    def component(wanted: AssetName) -> Built | Pipeline | None:
        found = _version(table, AssetKind.COMPONENT, wanted.name, wanted.version)
        if not isinstance(found, Component) or found.body is None:
            return None
        return found.body if isinstance(found.body, Pipeline) else components.build(found)

    def environment(wanted: NamedEnvironment) -> Environment | None:
        version = None if wanted.version == LATEST else wanted.version
        found = _version(table, AssetKind.ENVIRONMENT, wanted.name, version)
        if found is None or found.is_name_only:
            return None
        return described(found, components.bag)

    def data(wanted: AssetName) -> Location | None:
        for kind in dict.fromkeys((wanted.kind or AssetKind.DATA, AssetKind.DATA, AssetKind.MODEL)):
            found = _version(table, kind, wanted.name, wanted.version)
            path = found.__dict__.get("path") if isinstance(found, Entity) else None
            if isinstance(path, str | os.PathLike):
                return _location(os.fspath(path), found)
        return None

    return Registered(component=component, environment=environment, data=data)


def _version(table: Table, kind: AssetKind, name: str, version: str | None) -> Any:
    for item in reversed(table.get((kind.plural, name), [])):
        if version is None or str(getattr(item, "version", "")) == version:
            return item
    return None


def _location(path: str, item: Any) -> Location:
    word = str(item.__dict__.get("type") or "")
    type_ = PortType(word) if word in TYPES else None
    local = None if is_remote(path) else str(local_path(path, Path(item.base)))
    return Location(uri=path, local=local, type=type_, origin="the script")
