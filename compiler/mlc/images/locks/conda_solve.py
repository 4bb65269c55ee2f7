"""conda's packages for an environment, chosen by the solver of py-rattler for the target platform, not for this one.

It runs as a process of its own (``python -m``): the library's threads can end an interpreter badly, and neither they
nor its 80 MB concern anybody else. Question and answer are JSON, see :mod:`mlc.images.locks.conda_lock`.
"""

import asyncio
import json
import os
import re
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlc.config.network import CONDA
from mlc.images.locks.conda_question import spec_channel, spec_name, without_credentials
from mlc.images.locks.conda_reason import Reason, reason_of

SECONDS = 600
"""The longest that a channel's index may take."""
TRIES = 2

_NO_CHANNEL = re.compile(r"could not find subdir '[^']*' in channel '([^']*)'")

Json = dict[str, Any]


class _RefusedError(Exception):
    """No packages; ``answer`` is what is said instead."""

    def __init__(self, kind: str, **more: object) -> None:
        super().__init__(kind)
        self.answer = {"kind": kind, **more}


def main() -> None:
    """Read the question from standard input, write the answer to standard output."""
    question = json.load(sys.stdin)
    try:
        answer: Json = {"kind": "packages", "packages": asyncio.run(_solved(question))}
    except ImportError:
        answer = {"kind": "no solver"}
    except _RefusedError as refused:
        answer = refused.answer
    json.dump(answer, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # Not sys.exit: see above.


async def _solved(question: Json) -> list[Json]:
    import rattler
    from rattler.exceptions import GatewayError, SolverError

    market = _Market(rattler, question)
    virtual = [
        rattler.GenericVirtualPackage(
            rattler.PackageName(name), rattler.Version(version), rattler.package.BuildString(build)
        )
        for name, version, build in question["virtual"]
    ]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            records = await rattler.solve(
                sources=market.channels,
                specs=[_match_spec(rattler, spec, question["channels"]) for spec in question["specs"]],
                gateway=market.gateway,
                platforms=market.platforms,
                locked_packages=await market.records(question["kept"]),
                virtual_packages=virtual,
                channel_priority=rattler.ChannelPriority.Flexible,
            )
    except GatewayError as problem:
        raise _not_reached(str(problem)) from problem
    except SolverError as problem:
        raise _nothing_fits(
            await reason_of(str(problem), question["specs"], question["names"], question["subdir"], market)
        ) from problem
    return _packages(records)


class _Market:
    """What the channels have."""

    def __init__(self, rattler: Any, question: Json) -> None:
        self._rattler = rattler
        self.channels = [rattler.Channel(url) for urls in question["channels"].values() for url in urls]
        self.platforms = [rattler.Subdir(question["subdir"]), rattler.Subdir("noarch")]
        self.gateway = rattler.Gateway(cache_dir=Path(question["cache"]), client=_client(rattler, question["mirror"]))

    async def names(self) -> list[str]:
        """Of all packages."""
        return [name.normalized for name in await self.gateway.names(self.channels, self.platforms)]

    async def versions(self, name: str) -> list[str]:
        """Of one package, newest first."""
        versions = {str(record.version): record.version for record in await self._query([name])}
        return sorted(versions, key=versions.__getitem__, reverse=True)

    async def records(self, kept: Mapping[str, str]) -> list[Any]:
        """What the channels say today of packages that are to stay (SHA-256 -> name); who is gone cannot stay."""
        found = await self._query(sorted(set(kept.values()))) if kept else []
        return [record for record in found if record.sha256 and record.sha256.hex() in kept]

    async def _query(self, names: list[str]) -> list[Any]:
        specs = [self._rattler.MatchSpec(name) for name in names]
        found = await self.gateway.query(self.channels, self.platforms, specs, recursive=False)
        return [record for part in found for record in part]


def _client(rattler: Any, mirror: str) -> Any:
    """With the credentials that conda's users keep, few repetitions, and the site's mirror of conda.anaconda.org."""
    from rattler.networking import AuthenticationMiddleware, MirrorMiddleware, OciMiddleware, RetryMiddleware

    middlewares: list[Any] = [RetryMiddleware(TRIES), AuthenticationMiddleware(), OciMiddleware()]
    if mirror:
        middlewares.insert(0, MirrorMiddleware({f"{CONDA}/": [f"{mirror}/"]}))
    return rattler.Client(middlewares, timeout=SECONDS)


def _match_spec(rattler: Any, spec: str, channels: Mapping[str, list[str]]) -> Any:
    """A spec with its channel as a URL; one that cannot be read fits nothing, by itself."""
    from rattler.exceptions import InvalidMatchSpecError

    text = spec
    if name := spec_channel(spec):
        text = f"{channels.get(name, [name])[0]}::{spec.rpartition('::')[2].strip()}"
    try:
        return rattler.MatchSpec(text)
    except InvalidMatchSpecError as problem:
        why = str(problem).splitlines()[0]
        raise _nothing_fits(Reason(text=f"conda cannot read {spec!r}: {why}", names=(spec_name(spec),))) from problem


def _packages(records: list[Any]) -> list[Json]:
    """The fields of :class:`~mlc.ir.lock.LockedCondaPackage`, sorted by name."""
    names = {record.name.normalized for record in records}
    via: dict[str, set[str]] = {name: set() for name in names}
    for record in records:
        for depends in record.depends:
            if (needed := spec_name(depends)) in names:
                via[needed].add(record.name.normalized)
    return [
        {
            "name": record.name.normalized,
            "version": str(record.version),
            "build": str(record.build),
            "url": without_credentials(record.url),
            "sha256": record.sha256.hex() if record.sha256 else "",
            "size": record.size or 0,
            "via": sorted(via[record.name.normalized]),
        }
        for record in sorted(records, key=lambda record: record.name.normalized)
    ]


def _nothing_fits(reason: Reason) -> _RefusedError:
    return _RefusedError("unsatisfiable", text=reason.text, names=list(reason.names), fix=reason.fix)


def _not_reached(text: str) -> _RefusedError:
    """From the words of the library: causes stand one below another, the last is what happened."""
    if missing := _NO_CHANNEL.search(text):
        return _RefusedError("no channel", url=without_credentials(missing[1].rstrip("/")))
    url = re.search(r"for url \(([^)]*)\)", text)
    cause = text.rstrip().splitlines()[-1].removeprefix("Caused by: ")
    return _RefusedError("unreachable", url=without_credentials(url[1]) if url else "", text=without_credentials(cause))


if __name__ == "__main__":
    main()
