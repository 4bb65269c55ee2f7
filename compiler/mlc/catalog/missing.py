"""Names that were asked for and found nowhere: one message of all of them, with where each was looked for."""

from collections.abc import Callable
from dataclasses import replace

from mlc.diagnostics import Bag, Diagnostic, Note, Span
from mlc.ir.asset import AssetKind, AssetName, DatastorePath, Reference, spelled

_HOW = {
    AssetKind.COMPONENT: "Supply it with --component-path DIR (its YAML in there) or --map {name}=FILE.yml",
    AssetKind.ENVIRONMENT: "Supply it with --map {name}=IMAGE (or an environment's YAML file)",
    AssetKind.DATA: "Supply it with --map {name}=PATH_OR_URL",
    AssetKind.MODEL: "Supply it with --map {name}=PATH_OR_URL",
    None: "Supply it with --map {name}=TARGET",
}


class Missing:
    """Collects references in the order in which they were missed; each place of one counts once."""

    def __init__(self) -> None:
        self._found: dict[tuple[AssetKind | None, str], tuple[Reference, list[Span]]] = {}

    def add(self, wanted: Reference) -> None:
        """Remember a reference at its place. All paths of one datastore are one entry."""
        if isinstance(wanted, DatastorePath):
            key: tuple[AssetKind | None, str] = (None, wanted.datastore)
        else:
            key = (wanted.kind, spelled(wanted))
        places = self._found.setdefault(key, (wanted, []))[1]
        if wanted.span not in places:
            places.append(wanted.span)

    def report(self, bag: Bag, looked: Callable[[AssetName], str], places: Callable[[], str]) -> None:
        """One message, at the first place. ``looked``: what is known of a name; ``places``: where things are found."""
        if not self._found:
            return
        entries = sorted(self._found.values(), key=lambda entry: min(entry[1]))
        notes = tuple(Note(_title(wanted), tuple(sorted(spans)), _text(wanted, looked)) for wanted, spans in entries)
        if len(entries) == 1:
            what = f"{notes[0].what[0].upper()}{notes[0].what[1:]} is not known on this machine"
        else:
            what = f"{len(entries)} names are not known on this machine"
        why = "mlc contacts no workspace and no registry"
        fix = f"It looks for names {places()}"
        bag.items.append(Diagnostic("E520", min(entries[0][1]), what, why, fix, notes=notes))


def _title(wanted: Reference) -> str:
    if isinstance(wanted, DatastorePath):
        return f"datastore {wanted.datastore!r}"
    return f"{wanted.kind or 'name'} {spelled(wanted)!r}"


def _text(wanted: Reference, looked: Callable[[AssetName], str]) -> str:
    if isinstance(wanted, DatastorePath):
        name = f"azureml://datastores/{wanted.datastore}"
        return (
            f"no folder or URL is set for it. Supply it with --map {name}=PATH_OR_URL, "
            f'or [tool.mlc.datastores.{wanted.datastore}] path = "./folder"'
        )
    known = looked(wanted)
    stop = "" if known.endswith("?") else "."
    return f"{known}{stop} {_HOW[wanted.kind].format(name=spelled(replace(wanted, registry=None, label=None)))}"
