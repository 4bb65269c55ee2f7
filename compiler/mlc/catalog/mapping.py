"""Names that the user has given a place: ``--map NAME=TARGET``, ``[map]`` and ``[datastores]`` of the configuration."""

import os
from pathlib import Path

from mlc.config import Config
from mlc.ir.asset import DatastorePath, Location, Reference, is_reference, parse_reference
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """``key`` stands for ``target``: a URL, an image, or a path relative to ``base``. ``origin`` is who says so."""

    key: Reference
    target: str
    base: Path
    origin: str
    text: str
    """The key as written."""


def parse_key(text: str) -> Reference | None:
    """The key of a mapping: any written form of a reference; a bare ``NAME[:VERSION]`` serves too."""
    return parse_reference(text if is_reference(text) else f"azureml:{text}", None)


def of_option(text: str, base: Path) -> Mapping | None:
    """The mapping of a ``--map`` option; None: it is not ``NAME=TARGET``."""
    name, _, target = text.partition("=")
    key = parse_key(name.strip())
    if key is None or not target.strip():
        return None
    return Mapping(key=key, target=target.strip(), base=base, origin="--map", text=name.strip())


def of_config(config: Config) -> tuple[Mapping, ...]:
    """The mappings of the configuration, datastores last: a mapping of a path in one is said more exactly."""
    if config.file is None:
        return ()
    base, origin = config.file.parent, config.file.name
    found = []
    for name, target in config.map.items():
        key = parse_key(name)
        if key is not None:
            found.append(Mapping(key=key, target=target, base=base, origin=origin, text=name))
    for name, target in config.datastores.items():
        key = DatastorePath(datastore=name, path="")
        found.append(Mapping(key=key, target=target, base=base, origin=origin, text=name))
    return tuple(found)


def find(mappings: tuple[Mapping, ...], wanted: Reference) -> Mapping | None:
    """The first mapping for ``wanted``, one that names the version, or more of the path, before others."""
    fitting = [item for item in mappings if _fits(item.key, wanted)]
    return max(fitting, key=lambda item: _exactness(item.key), default=None)


def _fits(key: Reference, wanted: Reference) -> bool:
    if isinstance(key, DatastorePath) or isinstance(wanted, DatastorePath):
        if not (isinstance(key, DatastorePath) and isinstance(wanted, DatastorePath)):
            return False
        inside = f"{wanted.path.rstrip('/')}/".startswith(f"{key.path.rstrip('/')}/") or not key.path
        return key.datastore == wanted.datastore and inside
    return (
        key.name == wanted.name
        and key.version in (None, wanted.version)
        and key.kind in (None, wanted.kind)
        and key.registry in (None, wanted.registry)
    )


def _exactness(key: Reference) -> int:
    if isinstance(key, DatastorePath):
        return len(key.path)
    return sum(part is not None for part in (key.version, key.kind, key.registry))


def location(mapping: Mapping, wanted: Reference) -> Location:
    """Where the data is that ``wanted`` means."""
    rest = ""
    if isinstance(wanted, DatastorePath) and isinstance(mapping.key, DatastorePath):
        rest = wanted.path[len(mapping.key.path) :].strip("/")
    return place(mapping.target, rest, mapping.base, mapping.origin)


def place(target: str, rest: str, base: Path, origin: str) -> Location:
    """``rest`` below ``target``, which is a URL (its query stays at the end) or a path relative to ``base``."""
    if is_url(target):
        if rest:
            address, mark, query = target.partition("?")
            target = f"{address.rstrip('/')}/{rest}{mark}{query}"
        return Location(uri=target, origin=origin)
    local = target.removeprefix("file://").removeprefix("file:")
    path = os.path.normpath(os.path.join(base, os.path.expanduser(local), rest))  # noqa: PTH111, PTH118 - Path raises for odd ones
    return Location(uri=path, local=path, origin=origin)


def is_url(target: str) -> bool:
    """Whether a target is on another machine or in a workspace, not a path here."""
    scheme = target.partition("://")[0]
    return ("://" in target and scheme != "file" and len(scheme) > 1) or target.lower().startswith("azureml:")
