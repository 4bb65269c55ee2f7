"""Look-ups by name, one place after another: mappings, what the script registers, the tree, the local catalog."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlc.catalog import curated
from mlc.catalog.missing import Missing
from mlc.config import Config
from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.ir.asset import (
    LATEST,
    AssetKind,
    AssetName,
    DatastorePath,
    Location,
    Reference,
    Registered,
    is_reference,
    parse_reference,
    spelled,
)
from mlc.ir.component import Component
from mlc.ir.environment import Environment, ImageEnvironment, NamedEnvironment
from mlc.ir.pipeline import Pipeline
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.catalog.mapping import Mapping
    from mlc.catalog.store import Store
    from mlc.catalog.tree import Index

LONGEST_CHAIN = 8
"""Data may stand for other data, which stands for a path of a datastore; so often at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """What reads the YAML files that are found, handed in by the driver. None: broken, the bag says why."""

    environment: Callable[[Path], Environment | None]
    data: Callable[[Path], Location | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to look. ``start`` is the folder of the source; ``folders`` are further ones, asked before its tree."""

    start: Path
    config: Config = Config()
    folders: tuple[Path, ...] = ()
    maps: tuple[str, ...] = ()
    """``NAME=TARGET`` of the command line; targets are relative to ``cwd``."""
    cwd: Path = Path()


class Catalog:
    """Finds things by name (:class:`mlc.ir.asset.Names`). Nothing is read before a name is asked for."""

    def __init__(self, places: Places, readers: Readers, bag: Bag) -> None:
        self._places = places
        self._readers = readers
        self._bag = bag
        self._missing = Missing()
        self._registered: Registered | None = None
        self._mappings: tuple[Mapping, ...] | None = None
        self._used: set[str] = set()
        self._told: set[tuple[AssetKind | None, str]] = set()
        """Names whose file is broken: the bag says so, and that is enough."""
        self._chosen: set[tuple[Path, str]] = set()

    def ask_first(self, registered: Registered) -> None:
        """What the source itself has registered counts before everything but mappings."""
        self._registered = registered

    def component(self, wanted: AssetName) -> "Path | Component | Pipeline | None":
        """The YAML file of a component, or one that the script has registered."""
        mapping = self._mapping(wanted)
        if mapping is not None:
            return _path(mapping)
        registered = self._registered.component(wanted) if self._registered else None
        return registered if registered is not None else self.file(wanted)

    def environment(self, wanted: NamedEnvironment) -> Environment | None:
        """The environment of that name. What only resembles a curated one is taken for it with a warning."""
        name = _name_of(wanted)
        mapping = self._mapping(name)
        if mapping is not None:
            return self._mapped_environment(mapping, wanted)
        image = self._places.config.environments.get(wanted.name)
        if image:
            return ImageEnvironment(image=image, name=wanted.name, span=wanted.span)
        found = self._registered.environment(wanted) if self._registered else None
        found = found or curated.find(wanted, self._places.config.default_base)
        if found is not None:
            self._check_label(name)
            return found
        file = self.file(name)
        return self._guessed(wanted) if file is None else self._environment_file(file, name)

    def data(self, wanted: Reference) -> Location | None:
        """Where data or a model is, or a path of a datastore; at the end of the chain of what is known."""
        last: Location | None = None
        origins: list[str] = []
        for _ in range(LONGEST_CHAIN):
            found = self._data(wanted)
            if found is None:
                break
            origins.append(found.origin)
            last = replace(found, origin=", ".join(dict.fromkeys(filter(None, origins))))
            further = parse_reference(found.uri, AssetKind.DATA, wanted.span) if found.local is None else None
            if further is None:
                break
            wanted = further
        return last

    def versions(self, kind: AssetKind, name: str) -> tuple[str, ...]:
        """Which versions there are, the highest last; of something without a version ``1``."""
        from mlc.catalog.tree import rank

        offers = [offer for index in self._indexes().values() for offer in index.get((kind, name), ())]
        said = {offer.version or "1" for offer in offers} | set(self._store().versions(kind, name))
        return tuple(sorted(said, key=lambda version: (rank(version), version)))

    def known(self, kind: AssetKind) -> tuple[str, ...]:
        """The names of everything of a kind in the tree and the local catalog, sorted."""
        offered = {name for index in self._indexes().values() for of, name in index if of is kind}
        return tuple(sorted(offered | {entry.name for entry in self._store().entries(kind)}))

    def miss(self, wanted: Reference | NamedEnvironment) -> None:
        """Remember that ``wanted`` was needed at its place and not found."""
        name = _name_of(wanted) if isinstance(wanted, NamedEnvironment) else wanted
        if isinstance(name, DatastorePath) or (name.kind, name.name) not in self._told:
            self._missing.add(name)

    def report(self) -> None:
        """Say, once, which names were missed, and which mappings of the command line nothing asked for."""
        self._missing.report(self._bag, self._looked, self._described)
        for item in self._mappings or () if self._places.maps else ():
            if item.origin == "--map" and item.text not in self._used and not self._bag.has_errors:
                what = f"Nothing is called {item.text!r}: --map {item.text}={item.target} has no effect"
                self._bag.add("W508", NOWHERE, what, fix="Take it out, or correct the name")

    def _mapping(self, wanted: Reference) -> "Mapping | None":
        if self._mappings is None:
            self._mappings = self._read_mappings()
        if not self._mappings:
            return None
        from mlc.catalog import mapping

        found = mapping.find(self._mappings, wanted)
        if found is not None:
            self._used.add(found.text)
        return found

    def _read_mappings(self) -> "tuple[Mapping, ...]":
        config = self._places.config
        if not (self._places.maps or config.map or config.datastores):
            return ()
        from mlc.catalog import mapping

        for name in config.map if config.file is not None else ():
            if mapping.parse_key(name) is None:
                what = f"map.{name} is not the name of anything"
                fix = 'Write it like "azureml:titanic:1" or "azureml://datastores/NAME"'
                self._bag.add("E601", Span(str(config.file)), what, fix=fix)
        given = (mapping.of_option(text, self._places.cwd) for text in self._places.maps)
        return tuple(item for item in given if item is not None) + mapping.of_config(config)

    def _mapped_environment(self, mapping: "Mapping", wanted: NamedEnvironment) -> Environment | None:
        path = _path(mapping)
        if path.suffix in {".yml", ".yaml"}:
            return self._environment_file(path, _name_of(wanted))
        return ImageEnvironment(image=mapping.target, name=wanted.name, span=wanted.span)

    def _guessed(self, wanted: NamedEnvironment) -> Environment | None:
        """``sklearn-1.5`` without registry and prefix: no workspace has it, but it is clear what is meant."""
        if wanted.registry is not None:
            return None
        full = f"{curated.PREFIX}{wanted.name}"
        found = curated.find(replace(wanted, name=full), self._places.config.default_base)
        if found is not None and wanted.name not in curated.SHIM:
            what = f"The environment {spelled(_name_of(wanted))!r} is taken for the curated {full!r}"
            why = "Nothing else has that name here"
            fix = f"Write azureml:{full}@latest, or name an image: [tool.mlc.environments] {wanted.name!r} = 'IMAGE'"
            self._bag.add("W506", wanted.span, what, why=why, fix=fix)
            return found
        return None

    def _data(self, wanted: Reference) -> Location | None:
        mapping = self._mapping(wanted)
        if mapping is not None:
            from mlc.catalog.mapping import location

            return location(mapping, wanted)
        if isinstance(wanted, DatastorePath):
            return None
        found = self._registered.data(wanted) if self._registered else None
        if found is not None:
            return found
        for kind in dict.fromkeys((wanted.kind, AssetKind.DATA, AssetKind.MODEL)):
            file = self.file(replace(wanted, kind=kind))
            if file is not None:
                place = self._readers.data(file)
                if place is None:
                    self._told.add((wanted.kind, wanted.name))
                return place
        return None

    def _environment_file(self, file: Path, wanted: AssetName) -> Environment | None:
        found = self._readers.environment(file)
        if found is None:
            self._told.add((wanted.kind, wanted.name))
        return found

    def is_kept(self, file: Path) -> bool:
        """Whether a file that was found lies in the local catalog."""
        return file.is_relative_to(self._store().root)

    def file(self, wanted: AssetName) -> Path | None:
        """The YAML file that serves, in the tree or in the local catalog."""
        if wanted.kind is None or is_reference(wanted.name):
            return None
        from mlc.catalog.tree import serving

        for folder, index in self._indexes().items():
            near = folder if folder in self._places.folders else self._places.start
            offers = serving(index.get((wanted.kind, wanted.name), []), wanted, near)
            if offers:
                self._check_label(wanted)
                self._say_choice(wanted, [offer.file for offer in offers], near)
                return offers[0].file
        entry = self._store().find(wanted.kind, wanted.name, wanted.version)
        if entry is not None:
            self._check_label(wanted)
        return None if entry is None else entry.file

    def _say_choice(self, wanted: AssetName, files: list[Path], near: Path) -> None:
        """Say, once, which file a name stands for, where that is not the only file that the reader thinks of."""
        outside = not files[0].is_relative_to(near)
        chosen = (files[0], wanted.name)
        if chosen in self._chosen or not (outside or files[1:]):
            return
        self._chosen.add(chosen)
        taken, *others = (os.path.relpath(file, self._places.start) for file in files)
        what = f"{spelled(wanted)!r} is taken from {taken!r}"
        why = "It lies outside of the source's folder, and the same name may mean something else there"
        if others:
            also = f"{others[0]!r} and {len(others) - 1} more say" if others[1:] else f"{others[0]!r} says"
            why = f"{also} the same name and version"
        maps = wanted.kind in {AssetKind.COMPONENT, AssetKind.ENVIRONMENT}
        fix = "Name the file itself" + (f", or choose one with --map azureml:{wanted.name}=FILE" if maps else "")
        self._bag.add("W505", wanted.span, what, why=why, fix=fix)

    def _check_label(self, wanted: AssetName) -> None:
        if wanted.label is not None:
            what = f"The label {wanted.label!r} of {spelled(wanted)!r} is taken for {LATEST!r}"
            why = "Which version has that label, only the workspace knows"
            self._bag.add("W507", wanted.span, what, why=why, fix="Name a version to choose it")

    def _store(self) -> "Store":
        from mlc.catalog.store import Store, catalog_root

        return Store(catalog_root(self._places.config))

    def _indexes(self) -> "dict[Path, Index]":
        """What the searched folders offer, in the order in which they are asked; each is read once per run."""
        from mlc.catalog import tree

        start = self._places.start
        root = tree.around(start)
        folders = [*self._places.folders, root]
        file = self._places.config.file
        if file is not None and not file.is_relative_to(root):
            folders.append(file.parent)
        memo = self._bag.memo
        for folder in folders:
            if ("names", folder) not in memo:
                memo["names", folder] = tree.index(folder)
        return {folder: memo["names", folder] for folder in folders}

    def _looked(self, wanted: AssetName) -> str:
        """What is known of a name that was not found: its versions, or what it may have been meant to be."""
        from difflib import get_close_matches

        kind = wanted.kind or AssetKind.DATA
        offers = [offer for index in self._indexes().values() for offer in index.get((kind, wanted.name), ())]
        versions = self.versions(kind, wanted.name)
        if offers and all(offer.version is None for offer in offers):
            return f"{len(offers)} files have that name, outside of the source's folder, and say no version"
        if versions:
            return f"there is only version {', '.join(versions)}"
        known = {name for index in self._indexes().values() for found, name in index if found is kind}
        known |= {entry.name for entry in self._store().entries(kind)}
        near = get_close_matches(wanted.name, sorted(known), n=1)
        curated_too = ", and it is no curated environment of Azure's" if kind is AssetKind.ENVIRONMENT else ""
        return f"nothing has that name{curated_too}" + (f". Did you mean {near[0]!r}?" if near else "")

    def _described(self) -> str:
        """The places in words, for the message about what was found in none of them."""
        start = self._places.start
        folders = [f"'{os.path.relpath(folder, start)}'" for folder in self._indexes()]
        below = " and ".join([", ".join(folders[:-1]), folders[-1]] if folders[1:] else folders)
        return (
            "in --map and the configuration, in what the source itself registers, in the YAML files below "
            f"{below} (as seen from the source), and in the local catalog (mlc components list)"
        )


def _name_of(wanted: NamedEnvironment) -> AssetName:
    version = None if wanted.version == LATEST else wanted.version
    return AssetName(
        kind=AssetKind.ENVIRONMENT,
        name=wanted.name,
        version=version,
        label=wanted.label,
        registry=wanted.registry,
        span=wanted.span,
    )


def _path(mapping: "Mapping") -> Path:
    from mlc.catalog.mapping import place

    return Path(place(mapping.target, "", mapping.base, mapping.origin).uri)
