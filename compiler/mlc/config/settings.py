"""The table of settings -> :class:`Config`: what each key may be, and what is said when it is not that."""

from pathlib import Path
from typing import Any

from mlc.config import values
from mlc.config.model import Compute, Config
from mlc.config.network import Network
from mlc.config.toml import Settings
from mlc.config.values import Convert, Known, WrongValueError
from mlc.diagnostics import Bag

_TOP: Known = {
    "catalog": values.text,
    "installer": values.installer,
    "component_paths": values.folders,
    "uv_image": values.image,
    "micromamba_image": values.image,
    "default_base": values.image,
    "platform": values.platform,
    "torch_backend": values.torch_backend,
    "image_prefix": values.prefix,
    "registry": values.registry_name,
    "cache": values.registry_name,
}
_COMPUTE: Known = {
    "gpus": values.gpus,
    "device_ids": values.devices,
    "cpus": values.cpus,
    "memory": values.size,
    "shm_size": values.size,
}
_DATASTORE: Known = {"path": values.text, "url": values.url}
_TABLES = ("computes", "environments", "map", "datastores", "network")


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
        environments=reader.named("environments", values.image),
        map=reader.named("map", values.text),
        datastores=reader.datastores(),
        network=reader.network(),
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

    def network(self) -> Network:
        """``[network]``."""
        table = self.table("network")
        if not table:
            return Network()
        from mlc.config import network_settings

        fields = self.fields(table, network_settings.KNOWN, ("network",))
        return network_settings.read_network(fields, self._found, self._bag)

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
