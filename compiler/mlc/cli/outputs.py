"""``mlc outputs``: where the results of a bundle are, or copies of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlc.cli import compiling, console
from mlc.cli.sources import bundle_folder

if TYPE_CHECKING:
    from mlc.ir.plan import Plan
    from mlc.runner import OutputPlace


@click.command(epilog=compiling.example("mlc outputs out/fashion-mnist", "mlc outputs out/fashion-mnist --to results"))
@click.argument("bundle", type=click.Path())
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Copy them to DIR/<name>/.")
@click.option("--replace", is_flag=True, help="With --to: put the copies in the place of earlier ones.")
@compiling.json_option
def command(bundle: str, names: tuple[str, ...], to: Path | None, replace: bool, as_json: bool) -> None:
    """List the outputs of BUNDLE: the pipeline's own, and those of steps that no step consumes.

    With --to they are copied (all, or those named), from the volumes of Docker or from the folders of processes.
    """
    from mlc import runner
    from mlc.cli.bundles import read_plan

    folder = bundle_folder(bundle)
    plan = read_plan(folder)
    copies: dict[str, str] = {}
    if to is not None:
        copies = _replace(plan, folder, to, names) if replace else _fetch(plan, folder, to, names)
    places = [place for place in runner.outputs(plan, folder) if not names or place.name in names]
    if as_json:
        console.out_json([_as_dict(place, copies.get(place.name)) for place in places])
    elif to is None:
        for line in places_table(places):
            console.out(line)
    else:
        for name, path in copies.items():
            console.out(f"{console.printable(name)}: {console.printable(path)}")


def _fetch(plan: "Plan", bundle: Path, to: Path, names: tuple[str, ...]) -> dict[str, str]:
    from mlc import runner

    return {place.name: str(path) for place, path in runner.fetch_outputs(plan, bundle, to, names)}


def _replace(plan: "Plan", bundle: Path, to: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Fetch beside ``to`` first: an earlier copy goes only when there is a new one."""
    import shutil
    from tempfile import TemporaryDirectory

    to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".mlc-", dir=to) as scratch:
        fetched = _fetch(plan, bundle, Path(scratch), names)
        for name, path in fetched.items():
            if (to / name).is_dir() and not (to / name).is_symlink():
                shutil.rmtree(to / name)
            Path(path).replace(to / name)
    return {name: str(to / name) for name in fetched}


def places_table(places: "tuple[OutputPlace, ...] | list[OutputPlace]") -> list[str]:
    """A line per output: its name, its type, where it is."""
    return console.table((place.name, str(place.type), console.printable(place.where)) for place in places)


def _as_dict(place: "OutputPlace", copy: str | None) -> dict[str, object]:
    return {
        "name": place.name,
        "task": place.task,
        "port": place.port,
        "type": str(place.type),
        "volume": place.volume,
        "folder": str(place.folder) if place.folder else None,
        "file_name": place.file_name,
        "of_pipeline": place.of_pipeline,
        "copy": copy,
    }
