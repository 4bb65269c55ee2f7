"""``mlc cache export``: images into a folder or a file, for a machine without a registry."""

from pathlib import Path

import click

from mlc.cli import compiling, console


@click.command(epilog=compiling.example("mlc cache export .mlc-cache pipeline.py", "mlc cache export images.tar"))
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("source", type=click.Path(), required=False)
@compiling.json_option
def command(target: Path, source: str | None, as_json: bool) -> None:
    """Write the images of SOURCE, or all that mlc built here, to TARGET: a folder, or one file named *.tar.

    Layers are stored once, and what TARGET has already is not written again.
    """
    from mlc.cli.amounts import size
    from mlc.images import carrying, need_engine

    wanted = None
    if source is not None:
        wanted = [image.reference for image in compiling.plan(compiling.Asked(source=source)).images]
    need_engine()
    images = carrying.ours(wanted)
    for name in sorted(set(wanted or ()) - {name for name, _ in images}):
        console.note(f"not here, so not exported: {name}")
    done = carrying.export(target, images)
    if as_json:
        console.out_json({"images": list(done.images), "written": done.size})
    else:
        console.out(f"{target}: {console.count(len(done.images), 'image')}, {size(done.size)} new")
