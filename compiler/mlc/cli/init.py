"""``mlc init``: a small working project."""

from importlib.resources.abc import Traversable
from pathlib import Path

import click

from mlc.cli import compiling, console
from mlc.diagnostics import Span, fail

_RENAMED = {"gitignore": ".gitignore"}
"""Would act on mlc's own repository under its real name."""


@click.command(epilog=compiling.example("mlc init my-pipeline", "cd my-pipeline && mlc run pipeline.py"))
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=".")
def command(directory: Path) -> None:
    """Write a small project into DIRECTORY (made if missing): two components, a pipeline, some data.

    A file that exists is never overwritten: then nothing is written at all.
    """
    from mlc import resources

    files = {directory / name: content for name, content in _files(resources.templates() / "project")}
    for path in files:
        if path.exists() or path.is_symlink():
            what = f"{path.name} is there already, so nothing was written"
            raise fail("E604", Span(str(path.absolute())), what, fix="Give another folder: mlc init my-pipeline")
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        place = Span(str(Path(error.filename or directory).absolute()))
        raise fail("E604", place, "The project cannot be written", why=error.strerror or str(error)) from None
    for path in sorted(files):
        console.out(f"wrote {path}")
    go = f"cd {directory} && " if directory != Path() else ""
    console.note(f"\nNext: {go}mlc run pipeline.py")


def _files(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _files(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + _RENAMED.get(entry.name, entry.name), entry.read_bytes()))
    return sorted(found)
