"""Puts things into the local catalog: what a YAML file describes, with every file that it needs.

A file is loaded as a compilation would load it; all files that were read for it are copied, at the same places relative
to each other, so that the YAML stays as its author wrote it. Components and environments that it uses by name and that
lie in its tree are put into the catalog too. Data and models are kept as the place where they are.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlc.catalog import Catalog, keep
from mlc.catalog.keep import Draft, Kept
from mlc.catalog.store import Entry, Store, catalog_root
from mlc.config import Config
from mlc.diagnostics import NOWHERE, Bag, Span, fail
from mlc.driver import Options, names_for
from mlc.files import File
from mlc.frontend.data_assets import load_data_asset
from mlc.frontend.environments import load_environment_file
from mlc.frontend.text import READ
from mlc.frontend.yaml.components import load_component_file
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Mapping
from mlc.frontend.yaml.shapes import Fields
from mlc.images.cache import locked
from mlc.ir.asset import LATEST, AssetKind, AssetName, Location, NoNames, Reference, spelled
from mlc.ir.component import Component
from mlc.ir.environment import Environment, NamedEnvironment
from mlc.ir.pipeline import CommandNode, Pipeline, PipelineNode
from mlc.passes.resolve_environments import image_name
from mlc.records import dataclass

_PYTHON = re.compile(r"(.+\.py)(?::(\w+))?")
Added = tuple[Entry, Kept]
"""An entry, and whether it is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to add, and how. ``version`` wins over the YAML's; ``force`` replaces a version with other content."""

    kind: AssetKind
    version: str | None = None
    force: bool = False
    config: Config = Config()
    cwd: Path = Path()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocked:
    """What was added, and the environments that it names and that nobody here knows."""

    added: tuple[Added, ...] = ()
    unknown: tuple[str, ...] = ()


def add_file(path: Path, wish: Wish, bag: Bag) -> Stocked:
    """Add what the YAML file ``path`` describes, after what it needs by name. Nothing, where the bag gets errors.

    Of a Python file its component functions are added, of ``FILE.py:FUNCTION`` that one.

    Names are looked up around the file, and in ``wish.cwd``. ``MlcError`` E521 where a version has other content, E524
    where the catalog cannot be written.
    """
    drafts = _Drafts(wish, bag)
    python = _PYTHON.fullmatch(path.name) if wish.kind is AssetKind.COMPONENT else None
    if python is not None:
        drafts.functions(path.with_name(python[1]), python[2])
    else:
        drafts.file(path, wish.kind, wish.version)
    if bag.has_errors:
        return Stocked()
    return Stocked(added=_kept(drafts.made, wish), unknown=tuple(dict.fromkeys(drafts.unknown)))


def add_location(name: str, version: str | None, target: str, wish: Wish) -> tuple[Added, ...]:
    """Add data or a model that is at ``target``, a path relative to ``wish.cwd`` or a URL."""
    from mlc.catalog.mapping import place

    found = place(target, "", wish.cwd, "")
    return _kept([_located(name, wish.version or version, found, wish.kind, NOWHERE)], wish)


def remove(store: Store, kind: AssetKind, name: str, version: str | None) -> tuple[str, ...]:
    """Take one version, or all, out of the catalog; which they were."""
    with _changing(store):
        return keep.remove(store, kind, name, version)


def _kept(drafts: list[Draft], wish: Wish) -> tuple[Added, ...]:
    store = Store(catalog_root(wish.config))
    with _changing(store):
        return tuple(keep.keep(store, draft, force=wish.force) for draft in drafts)


@contextmanager
def _changing(store: Store) -> Iterator[None]:
    """Hold the catalog's lock; E524 where it cannot be written."""
    try:
        with locked(store.root / ".lock"):
            yield
    except OSError as error:
        what = f"The local catalog {str(store.root)!r} cannot be written"
        fix = "Make the folder writable, or name another one: MLC_CATALOG_DIR=FOLDER"
        raise fail("E524", NOWHERE, what, why=error.strerror or str(error), fix=fix) from None


class _Drafts:
    """The things to add, those that others need first; each file once."""

    def __init__(self, wish: Wish, bag: Bag) -> None:
        self._wish = wish
        self._bag = bag
        self._seen: set[Path] = set()
        self.made: list[Draft] = []
        self.unknown: list[str] = []

    def file(self, path: Path, kind: AssetKind, version: str | None = None) -> None:
        """One YAML file, after those that it needs."""
        if path in self._seen:
            return
        self._seen.add(path)
        bag = Bag()
        draft = self._draft(path, kind, version, bag)
        self._bag.items += bag.items
        if draft is not None and not bag.has_errors:
            self.made.append(draft)

    def functions(self, path: Path, wanted: str | None) -> None:
        """The components that functions of a module are, as YAML that says the same, after what they need."""
        from mlc.catalog.written import FILE, component_files
        from mlc.frontend.python.functions import load_functions
        from mlc.passes.nearest import nearest

        names = self._names(path, self._bag)
        found = {item.name: item for item in load_functions(path, names, self._bag)}
        names.report()
        if self._bag.has_errors:
            return
        if not found or wanted not in {None, *found}:
            what = f"'{path.name}' has no component function{f' {wanted!r}' if wanted and found else ''}"
            fix = nearest(wanted, found, "components") if wanted and found else "Decorate one with @command_component"
            self._bag.add("E522", Span(str(path)), what, fix=fix)
        for item in found.values() if wanted is None else [found[wanted]] if wanted in found else []:
            self._need(item, names)
            draft = Draft(
                kind=AssetKind.COMPONENT,
                name=item.name,
                version=self._wish.version or item.version,
                file=FILE,
                tree=component_files(item),
                title=" ".join((item.description or item.display_name or "").split()),
                span=item.span,
            )
            _check_alone(draft, names, self._bag)
            self.made.append(draft)
        for file, of in names.files:
            self.file(file, of)
        self.unknown += names.unknown

    def _need(self, item: Component, names: "_Found") -> None:
        environment = item.environment
        wanted = environment if isinstance(environment, NamedEnvironment) else image_name(environment)
        if wanted is not None:
            names.need(wanted)

    def _names(self, path: Path, bag: Bag) -> "_Found":
        cwd = self._wish.cwd
        near = (cwd,) if path.is_relative_to(cwd) else ()
        return _Found(names_for(path.parent, Options(cwd=cwd, config=self._wish.config, component_paths=near), bag))

    def _draft(self, path: Path, kind: AssetKind, version: str | None, bag: Bag) -> Draft | None:
        fields = _fields(path, bag)
        name = None if fields is None else fields.required("name")
        if fields is None or name is None:
            return None
        version = version or fields.text("version")
        if kind in {AssetKind.DATA, AssetKind.MODEL}:
            found = load_data_asset(path, bag)
            return None if found is None else _located(name.text, version, found, kind, name.span)
        names = self._names(path, bag)
        read = _read(path, kind, names, bag)
        names.report()
        if bag.has_errors:
            return None
        for file, of in names.files:
            self.file(file, of)
        self.unknown += names.unknown
        root = os.path.commonpath([path.parent, *(Path(item).parent for item in read)])
        draft = Draft(
            kind=kind,
            name=name.text,
            version=version,
            file=Path(os.path.relpath(path, root)).as_posix(),
            tree={Path(os.path.relpath(item, root)).as_posix(): _file(item) for item in sorted(read)},
            title=" ".join((fields.text("description") or fields.text("display_name") or "").split()),
            span=name.span,
        )
        _check_alone(draft, names, bag)
        return draft


class _Found(NoNames):
    """Finds components by name, and remembers the files of the tree that what is added needs."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.files: list[tuple[Path, AssetKind]] = []
        self.unknown: list[str] = []

    def miss(self, wanted: Reference | NamedEnvironment) -> None:
        """A component that is not here cannot be kept with the pipeline that uses it."""
        self._catalog.miss(wanted)

    def report(self) -> None:
        """Say what was missed."""
        self._catalog.report()

    def component(self, wanted: AssetName) -> Component | Pipeline | None:
        """The component, read with a bag of its own: its files are not those of what uses it."""
        file = self._remember(wanted, AssetKind.COMPONENT)
        found = None if file is None else load_component_file(file, Bag(), anonymous=True, names=self)
        return found if isinstance(found, Component | Pipeline) else None

    def need(self, wanted: NamedEnvironment) -> None:
        """Remember the file of an environment, where the tree has it."""
        version = None if wanted.version == LATEST else wanted.version
        name = AssetName(kind=AssetKind.ENVIRONMENT, name=wanted.name, version=version)
        if self._remember(name, AssetKind.ENVIRONMENT) is None and self._catalog.environment(wanted) is None:
            self.unknown.append(spelled(name))

    def _remember(self, wanted: AssetName, kind: AssetKind) -> Path | None:
        file = self._catalog.file(wanted)
        if file is not None and not self._catalog.is_kept(file):
            self.files.append((file, kind))
        return file


def _fields(path: Path, bag: Bag) -> Fields | None:
    if path.suffix.lower() not in {".yml", ".yaml"}:
        what = f"'{path.name}' is not a YAML file"
        why = "The catalog keeps what YAML describes, and component functions of Python files"
        bag.add("E522", Span(str(path)), what, why=why, fix="Give the YAML file of the thing to add")
        return None
    node = load_yaml(path, bag)
    if node is not None and not isinstance(node, Mapping):
        bag.add("E522", node.span, f"'{path.name}' describes nothing", fix="Give the YAML file of the thing to add")
    return Fields(node, f"'{path.name}'", bag) if isinstance(node, Mapping) else None


def _read(path: Path, kind: AssetKind, names: _Found, bag: Bag) -> set[str]:
    """The files that are read when the component or environment of the file ``path`` is."""
    used: Iterable[Environment] = ()
    if kind is AssetKind.ENVIRONMENT:
        environment = load_environment_file(path, bag)
        used = () if environment is None else (environment,)
    else:
        found = load_component_file(path, bag, anonymous=False, names=names)
        used = _environments(found) if isinstance(found, Component | Pipeline) else ()
    for item in used:
        wanted = item if isinstance(item, NamedEnvironment) else image_name(item)
        if wanted is not None:
            names.need(wanted)
    return set(bag.memo.get(READ, ()))


def _check_alone(draft: Draft, names: _Found, bag: Bag) -> None:
    """Whether what is kept can be read where nothing else is: no absolute paths, no empty folders."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="mlc-") as scratch:
        root = Path(os.path.realpath(scratch))
        keep.unpack(draft.tree, root)
        quiet = Bag()
        read = _read(root / draft.file, draft.kind, names, quiet)
        outside = sorted(item for item in read if not Path(item).is_relative_to(root))
        said = outside[0] if outside else quiet.sorted()[0].what if quiet.has_errors else ""
    if said:
        what = f"The {draft.kind} {draft.name!r} does not stand alone: {said}"
        why = "The catalog holds copies, so that a component is there when its folder is not"
        bag.add("E522", draft.span, what, why=why, fix="Write paths relative to the YAML, and put files into folders")


def _environments(of: Component | Pipeline) -> Iterator[Environment]:
    if isinstance(of, Component):
        yield of.environment
        return
    for node in of.nodes:
        if isinstance(node, CommandNode):
            yield node.component.environment
        elif isinstance(node, PipelineNode):
            yield from _environments(node.pipeline)


def _located(name: str, version: str | None, found: Location, kind: AssetKind, span: Span) -> Draft:
    """Data or a model, kept as a YAML file that says where it is."""
    where = found.local or found.uri
    if found.local is not None and not os.path.exists(found.local):  # noqa: PTH110 - a Path would refuse some names
        what = f"There is nothing at {found.local!r}, where the {kind} {name!r} should be"
        raise fail("E522", span, what, fix="Correct the place; a relative one is relative to the file that names it")
    fields = {"name": name} | ({"type": str(found.type)} if found.type else {}) | {"path": where}
    text = json.dumps(fields, indent=1, ensure_ascii=False) + "\n"
    file = f"{kind}.yml"
    tree = {file: File(text.encode(errors="surrogatepass"))}
    return Draft(kind=kind, name=name, version=version, file=file, tree=tree, title=where, span=span)


def _file(path: str) -> File:
    return File(Path(path), executable=os.access(path, os.X_OK))
