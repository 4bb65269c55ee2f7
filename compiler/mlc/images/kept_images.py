"""The images of ours that an engine keeps, and how many bytes each of them really costs.

Ours is an image that was finished by one of our Dockerfiles: the last entry of its history is the label with its key.
A name proves nothing, and neither does the label alone, since an image that somebody builds on ours inherits it.

Bytes are those of the unpacked layers, by the chain of layers below each, which is how engines share them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlc.diagnostics import NOWHERE, fail
from mlc.images.client import connect
from mlc.images.engine import Engine
from mlc.images.words import capital
from mlc.records import dataclass

if TYPE_CHECKING:
    from docker import DockerClient

KEY = "io.mlc.environment.key"
_METADATA = re.compile(
    r"(?:/bin/sh -c #\(nop\)\s+)?(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL"
    r"|USER|VOLUME)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLayer:
    """``chain`` names it together with all that is below it; ``command`` is how it was made."""

    chain: str
    size: int
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """``references``: its names of ours, by tag or digest; ``others``: what else it is called."""

    id: str
    references: tuple[str, ...]
    others: tuple[str, ...]
    pipeline: str
    environment: str
    key: str
    labels: tuple[tuple[str, str], ...]
    made: float
    layers: tuple[KeptLayer, ...]
    containers: tuple[str, ...] = ()
    """Names of the containers, running or not, that were made from it."""
    started: float = 0.0
    """When the latest of those was made, in seconds since 1970; 0 if there are none."""

    @property
    def name(self) -> str:
        """What it is called in a list."""
        return (self.references or self.others or (self.id.removeprefix("sha256:")[:12],))[0]

    @property
    def size(self) -> int:
        """Bytes of all its layers."""
        return sum(layer.size for layer in self.layers)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineImages:
    """``ours``, the newest first. ``held``: for each chain of layers, how many images of the engine have it."""

    ours: tuple[KeptImage, ...]
    held: dict[str, int]

    def size(self, images: Iterable[KeptImage]) -> int:
        """Bytes of all their layers, what they share counted once."""
        return sum({layer.chain: layer.size for image in images for layer in image.layers}.values())

    def freed(self, images: Iterable[KeptImage]) -> int:
        """Bytes that go when ``images`` do: those of layers that no other image has."""
        gone = Counter(layer.chain for image in images for layer in image.layers)
        sizes = {layer.chain: layer.size for image in images for layer in image.layers}
        return sum(size for chain, size in sizes.items() if gone[chain] >= self.held.get(chain, 0))


def look(engine: Engine) -> EngineImages:
    """Ask ``engine`` for everything; ``MlcError`` E652 if it cannot say."""
    from docker.errors import DockerException

    client = connect(engine.endpoint)
    try:
        containers = _containers(client)
        api: Any = client.api
        listed = api.images()
        chains: dict[str, tuple[str, ...]] = {}
        ours = []
        for about in listed:
            inspected = api.inspect_image(about["Id"])
            chains[about["Id"]] = chain = _chains((inspected.get("RootFS") or {}).get("Layers") or [])
            labels = about.get("Labels") or {}
            if labels.get(KEY):
                history = api.history(about["Id"])
                if _is_ours(history, labels[KEY]):
                    ours.append(_image(inspected, labels, _layers(chain, history), containers.get(about["Id"], ())))
    except (DockerException, OSError, ValueError) as error:
        raise fail("E652", NOWHERE, "The Docker engine does not say what it keeps", why=capital(str(error))) from error
    finally:
        client.close()
    held = Counter(chain for found in chains.values() for chain in set(found))
    return EngineImages(ours=tuple(sorted(ours, key=lambda image: (-image.made, image.name))), held=dict(held))


def _containers(client: "DockerClient") -> dict[str, tuple[dict[str, Any], ...]]:
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for container in client.api.containers(all=True):
        found[container["ImageID"]] = (*found.get(container["ImageID"], ()), container)
    return found


def _is_ours(history: list[dict[str, Any]], key: str) -> bool:
    last = str(history[0].get("CreatedBy") or "") if history else ""
    return last.startswith("LABEL ") and f"{KEY}={key}" in last


def _image(
    inspected: dict[str, Any],
    labels: dict[str, str],
    layers: tuple[KeptLayer, ...],
    containers: tuple[dict[str, Any], ...],
) -> KeptImage:
    key = labels[KEY]
    tags = [name for name in inspected.get("RepoTags") or [] if not name.startswith("<none>")]
    digests = [name for name in inspected.get("RepoDigests") or [] if not name.startswith("<none>")]
    ours = [name for name in tags if name.rpartition(":")[2].startswith(f"{key[:12]}-")]
    return KeptImage(
        id=inspected["Id"],
        # A digest is a name only where there is no tag: pulled by digest.
        references=tuple(sorted(ours)) or (() if tags else tuple(sorted(digests))),
        others=tuple(sorted(set(tags) - set(ours))),
        pipeline=labels.get("io.mlc.pipeline") or _title(labels, 0),
        environment=labels.get("io.mlc.environment") or _title(labels, 1),
        key=key,
        labels=tuple(sorted(labels.items())),
        made=max(_seconds(inspected.get("Created")), _seconds((inspected.get("Metadata") or {}).get("LastTagTime"))),
        layers=layers,
        containers=tuple(sorted(name.lstrip("/") for one in containers for name in one.get("Names") or [one["Id"]])),
        started=float(max((one.get("Created") or 0 for one in containers), default=0)),
    )


def _title(labels: dict[str, str], part: int) -> str:
    """Pipeline or environment of images from before they had labels of their own."""
    return labels.get("org.opencontainers.image.title", "").partition("/")[2 * part]


def _chains(layers: list[str]) -> tuple[str, ...]:
    """A name for each layer together with all that is below it."""
    from mlc.hashing import digest_bytes

    found, below = [], ""
    for layer in layers:
        below = digest_bytes(f"{below} {layer}".encode())
        found.append(below)
    return tuple(found)


def _layers(chains: tuple[str, ...], history: list[dict[str, Any]]) -> tuple[KeptLayer, ...]:
    """Layers with the sizes that the history tells; entries that make no layer are told by their instruction."""
    entries = [(str(entry.get("CreatedBy") or ""), max(0, int(entry.get("Size") or 0))) for entry in reversed(history)]
    making = [entry for entry in entries if entry[1] or not _METADATA.match(entry[0])]
    while len(making) > len(chains) and (empty := [entry for entry in making if not entry[1]]):
        making.remove(empty[0])
    making += [("", 0)] * (len(chains) - len(making))
    return tuple(
        KeptLayer(chain=chain, size=size, command=command)
        for chain, (command, size) in zip(chains, making, strict=False)
    )


def _seconds(moment: object) -> float:
    """``2026-11-23T19:48:01.637675551Z`` in seconds since 1970; 0 for what is no time (or the year 1)."""
    from datetime import UTC, datetime

    try:
        told = datetime.fromisoformat(str(moment)[:19]).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, told)
