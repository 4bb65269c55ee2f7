"""``mlc components|environments|data|models``: the local catalog, one group of commands for each kind of thing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlc.cli import compiling, console
from mlc.cli.exits import Exit
from mlc.cli.sources import absolute
from mlc.diagnostics import Bag, Span, fail, gathered
from mlc.ir.asset import AssetKind, AssetName, parse_reference

if TYPE_CHECKING:
    from mlc.catalog.store import Entry, Store
    from mlc.config import Config
    from mlc.stock import Added, Wish

_EXAMPLES = {
    AssetKind.COMPONENT: ("train/component.yml", "train"),
    AssetKind.ENVIRONMENT: ("environments/torch.yml", "torch"),
    AssetKind.DATA: ("titanic=./titanic.csv", "titanic"),
    AssetKind.MODEL: ("heart:3=./heart_model", "heart"),
}
_WHAT = {
    AssetKind.COMPONENT: "components: their YAML, code and environment",
    AssetKind.ENVIRONMENT: "environments: their YAML, conda file or build context",
    AssetKind.DATA: "the places of data assets",
    AssetKind.MODEL: "the places of models",
}


def group(kind: AssetKind) -> click.Group:
    """The commands for one kind."""
    add, name = _EXAMPLES[kind]
    words = kind.plural
    example = compiling.example(f"mlc {words} add {add}", f"mlc {words} list", f"mlc {words} show {name}")
    commands = (_add(kind), _list(kind), _show(kind), _remove(kind))
    text = f"Keep {_WHAT[kind]}, by name and version.\n\nEvery pipeline on this machine finds them as azureml:NAME."
    return click.Group(words, {command.name or "": command for command in commands}, help=text, epilog=example)


def _add(kind: AssetKind) -> click.Command:
    is_place = kind in {AssetKind.DATA, AssetKind.MODEL}
    given = "FILE_OR_NAME=PLACE" if is_place else "FILE"
    add = _EXAMPLES[kind][0]

    @click.command("add", epilog=compiling.example(f"mlc {kind.plural} add {add}"))
    @click.argument("given", nargs=-1, required=True, metavar=f"{given}...")
    @click.option("--version", metavar="VERSION", help="Its version.  [default: the YAML's, else the next number]")
    @click.option("--force", is_flag=True, help="Replace a version that has other content.")
    @compiling.json_option
    def command(given: tuple[str, ...], version: str | None, force: bool, as_json: bool) -> None:
        from mlc.stock import Wish

        wish = Wish(kind=kind, version=version, force=force, config=_config(Path.cwd()), cwd=Path.cwd())
        added = [item for word in given for item in _added(word, wish)]
        if as_json:
            console.out_json([_as_dict(entry) | {"state": str(state)} for entry, state in added])
            return
        for entry, state in added:
            console.out(f"{state} {entry.kind} {console.printable(entry.name)}, version {entry.version}")

    command.help = (
        "Add data by its YAML file, or by a name and a place: a file, a folder or a URL. It is not copied."
        if is_place
        else "Copy what YAML files describe, and what that needs by name from the same tree."
        + (" Of FILE.py[:FUNCTION], its component functions." if kind is AssetKind.COMPONENT else "")
    )
    return command


def _added(word: str, wish: "Wish") -> "tuple[Added, ...]":
    from mlc import stock

    name, has_place, target = word.partition("=")
    if has_place and wish.kind in {AssetKind.DATA, AssetKind.MODEL}:
        found = parse_reference(name if name.startswith("azureml:") else f"azureml:{name}", wish.kind)
        if not isinstance(found, AssetName) or not target:
            raise click.BadParameter(f"{word!r} is not NAME=PLACE, such as titanic:1=./titanic.csv.")
        return stock.add_location(found.name, found.version, target, wish)
    bag = Bag()
    done = stock.add_file(absolute(word), wish, bag)
    console.diagnostics(gathered(bag.sorted()), bag.sources, console.here())
    if bag.has_errors:
        raise click.exceptions.Exit(Exit.SOURCE)
    for name in done.unknown:
        console.note(
            f"note: {console.printable(name)}, an environment that it names, is not known here; add it as well"
        )
    return done.added


def _list(kind: AssetKind) -> click.Command:
    @click.command("list", epilog=compiling.example(f"mlc {kind.plural} list", f"mlc {kind.plural} list . --json"))
    @click.argument("where", required=False, type=click.Path(exists=True, path_type=Path), metavar="[SOURCE_OR_FOLDER]")
    @compiling.json_option
    def command(where: Path | None, as_json: bool) -> None:
        start = Path.cwd() if where is None else where.absolute()
        found = [_as_dict(entry) for entry in _store(start).entries(kind)]
        if where is not None:
            found += _in_tree(kind, start if start.is_dir() else start.parent)
        if as_json:
            console.out_json(found)
            return
        rows = [tuple(str(item[key] or "") for key in ("name", "version", "place", "title")) for item in found]
        for line in console.table([("NAME", "VERSION", "PLACE", "TITLE"), *rows]) if rows else ():
            console.out(console.printable(line))
        if not rows:
            console.note(f"Nothing there. mlc {kind.plural} add {_EXAMPLES[kind][0]} adds one.")

    command.help = "List what the catalog has; with a source or a folder, also what its repository offers."
    return command


def _show(kind: AssetKind) -> click.Command:
    @click.command("show", epilog=compiling.example(f"mlc {kind.plural} show {_EXAMPLES[kind][1]}:1"))
    @click.argument("name", metavar="NAME[:VERSION]")
    @compiling.json_option
    def command(name: str, as_json: bool) -> None:
        store = _store(Path.cwd())
        entry = _entry(store, kind, name)
        versions = store.versions(kind, entry.name)
        text = entry.file.read_text(encoding="utf-8", errors="replace")
        if as_json:
            console.out_json(_as_dict(entry) | {"versions": list(versions), "yaml": text})
            return
        console.out(f"{kind} {entry.name}, version {entry.version} of {', '.join(versions)}")
        console.out(f"{entry.file} ({console.count(entry.files, 'file')})\n")
        console.out(console.printable(text.rstrip()))

    command.help = "Show one version, else the highest: its YAML, and where its files are."
    return command


def _remove(kind: AssetKind) -> click.Command:
    @click.command("remove", epilog=compiling.example(f"mlc {kind.plural} remove {_EXAMPLES[kind][1]}:1"))
    @click.argument("name", metavar="NAME[:VERSION]")
    def command(name: str) -> None:
        from mlc import stock

        store = _store(Path.cwd())
        entry = _entry(store, kind, name)
        version = entry.version if _parsed(name, kind).version is not None else None
        gone = stock.remove(store, kind, entry.name, version)
        console.out(f"removed {kind} {entry.name}, version {', '.join(gone)}")

    command.help = "Take a version out of the catalog; without a version, all of them."
    return command


def _config(start: Path) -> "Config":
    from mlc import config

    bag = Bag()
    found = config.load(start, bag)
    console.diagnostics(bag.sorted(), {}, console.here())
    if bag.has_errors:
        raise click.exceptions.Exit(Exit.SOURCE)
    return found


def _store(start: Path) -> "Store":
    from mlc.catalog.store import Store, catalog_root

    return Store(catalog_root(_config(start if start.is_dir() else start.parent)))


def _parsed(text: str, kind: AssetKind) -> AssetName:
    found = parse_reference(text if text.startswith("azureml:") else f"azureml:{text}", kind)
    if not isinstance(found, AssetName) or found.kind is not kind:
        raise click.BadParameter(f"{text!r} is not NAME or NAME:VERSION.")
    return found


def _entry(store: "Store", kind: AssetKind, text: str) -> "Entry":
    wanted = _parsed(text, kind)
    found = store.find(kind, wanted.name, wanted.version)
    if found is not None:
        return found
    versions = store.versions(kind, wanted.name)
    if versions:
        fix = f"It has version {', '.join(versions)}"
    else:
        from difflib import get_close_matches

        near = get_close_matches(wanted.name, sorted({entry.name for entry in store.entries(kind)}), n=1)
        fix = f"Did you mean {near[0]!r}?" if near else f"mlc {kind.plural} list shows what there is"
    raise fail("E523", Span(""), f"The local catalog has no {kind} {text!r}", fix=fix)


def _as_dict(entry: "Entry") -> dict[str, object]:
    return {
        "name": entry.name,
        "version": entry.version,
        "place": "catalog",
        "title": entry.title,
        "file": str(entry.file),
        "digest": entry.digest,
    }


def _in_tree(kind: AssetKind, start: Path) -> list[dict[str, object]]:
    """What the YAML files of the repository around ``start`` offer."""
    import os

    from mlc.catalog import tree

    index = tree.index(tree.around(start))
    offers = [(name, offer) for (of, name), found in index.items() if of is kind for offer in found]
    return [
        {
            "name": name,
            "version": offer.version,
            "place": os.path.relpath(offer.file, console.here()),
            "title": "",
            "file": str(offer.file),
            "digest": None,
        }
        for name, offer in sorted(offers, key=lambda item: (item[0], str(item[1].file)))
    ]
