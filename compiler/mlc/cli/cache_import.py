"""``mlc cache import``: images out of a folder or a file that ``mlc cache export`` wrote."""

from pathlib import Path

import click

from mlc.cli import compiling, console


@click.command(epilog=compiling.example("mlc cache import .mlc-cache", "mlc cache import images.tar"))
@click.argument("archive", type=click.Path(path_type=Path))
@compiling.json_option
def command(archive: Path, as_json: bool) -> None:
    """Give the Docker engine the images of ARCHIVE that it does not have.

    Every part is checked before the engine gets anything.
    """
    from mlc.images import carrying, need_engine

    need_engine()
    done = carrying.load(archive)
    if as_json:
        console.out_json({"images": list(done.images)})
    elif done.images:
        console.out(f"{console.count(len(done.images), 'image')} loaded")
        for name in done.images:
            console.out(f"  {console.printable(name)}")
    else:
        console.out("all images are here already")
