"""The table of settings -> :class:`Config`: what each key may be, and what is said when it is not that."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlc.config.model import Compute, Config, Installer
from mlc.config.toml import Settings
from mlc.diagnostics import Bag

_SIZE = re.compile(r"\d+(\.\d+)?([bkmg]|[kmg]b)", re.IGNORECASE)
_NAME = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_PREFIX = re.compile(rf"(?:[A-Za-z0-9.-]+(?::\d+)?/)?{_NAME}(?:/{_NAME})*")
_REGISTRY = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{{1,5}})?(?:/{_NAME})*", re.ASCII)
_PLATFORM = re.compile(r"linux/(amd64|arm64)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://\S+")
_IMAGE = re.compile(rf"{_PREFIX.pattern}(?::\w[\w.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?", re.ASCII)

Convert = Callable[[Any], Any]
"""The value of a setting from what TOML holds; raises :class:`WrongValueError`."""

Known = dict[str, Convert]
"""Key, which is also the name of the field that it sets -> how its value is read."""


class WrongValueError(Exception):
    """A value is not what the setting needs; the text says what that is: ``a whole number``."""


def _image(value: Any) -> str:
    return _matching(value, _IMAGE, 'the name of an image, such as "docker.io/library/python:3.11-slim"')


def _platform(value: Any) -> str:
    return _matching(value, _PLATFORM, '"linux/amd64" or "linux/arm64"')


def _prefix(value: Any) -> str:
    return _matching(value, _PREFIX, 'the first part of an image name, such as "mlc" or "registry.example.com/team"')


def registry_name(value: Any) -> str:
    """Of a registry, or of a part of one; :class:`WrongValueError` where it cannot stand before an image's name."""
    return _matching(value, _REGISTRY, 'a registry without https://, such as "ghcr.io/me" or "localhost:5000"')


def _size(value: Any) -> str:
    return _matching(value, _SIZE, 'a size such as "512m" or "8g"').lower()


def _matching(value: Any, pattern: re.Pattern[str], what: str) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise WrongValueError(what)


def _installer(value: Any) -> Installer:
    if value in tuple(Installer):
        return Installer(value)
    raise WrongValueError(" or ".join(f'"{installer}"' for installer in Installer))


def _gpus(value: Any) -> int:
    if value == "all":
        return -1
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1024:
        return value
    raise WrongValueError('a number of GPUs (0 for none) or "all"')


def _cpus(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6:
        return float(value)
    raise WrongValueError("a number of processors above 0, such as 4 or 0.5")


def _devices(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and value:
        names = tuple(str(item) for item in value if isinstance(item, int | str) and not isinstance(item, bool))
        if len(names) == len(value) and all(re.fullmatch(r"[A-Za-z0-9:/._-]+", name) for name in names):
            return names
    raise WrongValueError('a list of GPU indexes or ids, such as ["0", "2"]')


def _folders(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) and item and "\0" not in item for item in value):
        return tuple(value)
    raise WrongValueError('a list of folders, such as ["../shared/components"]')


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value.strip()
    raise WrongValueError("text that is not empty")


def _url(value: Any) -> str:
    return _matching(value, _URL, 'a URL, such as "https://account.blob.core.windows.net/container"')


_TOP: Known = {
    "catalog": _text,
    "installer": _installer,
    "component_paths": _folders,
    "uv_image": _image,
    "micromamba_image": _image,
    "default_base": _image,
    "platform": _platform,
    "image_prefix": _prefix,
    "registry": registry_name,
    "cache": registry_name,
}
_COMPUTE: Known = {"gpus": _gpus, "device_ids": _devices, "cpus": _cpus, "memory": _size, "shm_size": _size}
_DATASTORE: Known = {"path": _text, "url": _url}
_TABLES = ("computes", "environments", "map", "datastores")


def read(found: Settings, bag: Bag) -> Config:
    """The configuration that ``found`` describes; hyphens in the names of settings count as underscores."""
    reader = _Reader(found, bag)
    top = {key: value for key, value in found.table.items() if _plain(key) not in _TABLES}
    fields = reader.fields(top, _TOP, (), also=_TABLES)
    if "component_paths" in fields:
        fields["component_paths"] = reader.folders(fields["component_paths"])
    if "catalog" in fields:
        fields["catalog"] = found.file.parent / fields["catalog"]
    return Config(
        file=found.file,
        computes={name: reader.compute(name, value) for name, value in reader.table("computes").items()},
        environments=reader.named("environments", _image),
        map=reader.named("map", _text),
        datastores=reader.datastores(),
        **fields,
    )


def _plain(key: str) -> str:
    return key.replace("-", "_")


class _Reader:
    """Reads tables of one file; every complaint names the key in full and points at it."""

    def __init__(self, found: Settings, bag: Bag) -> None:
        self._found, self._bag = found, bag

    def table(self, name: str) -> dict[str, Any]:
        """The table of that name, empty if it is missing or something else."""
        value = self._found.table.get(name, {})
        return value if self._is_table(value, (name,)) else {}

    def fields(
        self,
        table: dict[str, Any],
        known: Known,
        path: tuple[str, ...],
        also: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Fields of the configuration from ``table``; unknown keys get a warning with the nearest name."""
        fields = {}
        for key, value in table.items():
            if _plain(key) not in known:
                self._unknown(key, (*known, *also), path)
                continue
            try:
                fields[_plain(key)] = known[_plain(key)](value)
            except WrongValueError as wrong:
                self._complain((*path, key), f"is {_shown(value)}", f"It has to be {wrong}")
        return fields

    def compute(self, name: str, value: Any) -> Compute:
        """``[computes.NAME]``."""
        path = ("computes", name)
        if not self._is_table(value, path):
            return Compute()
        compute = Compute(**self.fields(value, _COMPUTE, path))
        if compute.gpus and compute.device_ids:
            self._complain((*path, "gpus"), "stands beside device_ids", "Give a number or the ids, not both")
        return compute

    def named(self, table: str, convert: Convert) -> dict[str, str]:
        """``[environments]`` and ``[map]``: one value of one kind by name."""
        found = {}
        for name, value in self.table(table).items():
            try:
                found[name] = convert(value)
            except WrongValueError as wrong:
                dotted = "; a name with a dot in it needs quotes" if isinstance(value, dict) else ""
                self._complain((table, name), f"is {_shown(value)}", f"It has to be {wrong}{dotted}")
        return found

    def datastores(self) -> dict[str, str]:
        """``[datastores.NAME]``: a path or a URL."""
        found = {}
        for name, value in self.table("datastores").items():
            path = ("datastores", name)
            if not self._is_table(value, path):
                continue
            fields = self.fields(value, _DATASTORE, path)
            if len(fields) == 1:
                found[name] = next(iter(fields.values()))
            elif fields or not value:
                what = "has a path and a url" if fields else "has neither a path nor a url"
                self._complain(path, what, 'Write path = "./folder" or url = "https://..."')
        return found

    def folders(self, names: tuple[str, ...]) -> tuple[Path, ...]:
        """Folders relative to the file; one that is missing is an error."""
        folders = tuple(self._found.file.parent / name for name in names)
        for name, folder in zip(names, folders, strict=True):
            if not folder.is_dir():
                self._complain(("component_paths",), f"names {name!r}, which is no folder", "Create it or take it out")
        return folders

    def _is_table(self, value: Any, path: tuple[str, ...]) -> bool:
        if isinstance(value, dict):
            return True
        self._complain(path, f"is {_shown(value)}", f"It has to be a table: [{self._full(path)}]")
        return False

    def _unknown(self, key: str, known: tuple[str, ...], path: tuple[str, ...]) -> None:
        from difflib import get_close_matches

        near = get_close_matches(_plain(key), known, n=1)
        fix = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}"
        span = self._found.span((*path, key))
        self._bag.add("W601", span, f"{self._full((*path, key))} is no setting of mlc and is ignored", fix=fix)

    def _complain(self, path: tuple[str, ...], what: str, fix: str) -> None:
        self._bag.add("E601", self._found.span(path), f"{self._full(path)} {what}", fix=fix)

    def _full(self, path: tuple[str, ...]) -> str:
        return ".".join((*self._found.section, *path))


def _shown(value: Any) -> str:
    """How a value of TOML is written, shortened."""
    import json

    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
