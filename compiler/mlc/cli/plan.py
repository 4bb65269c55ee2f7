"""``mlc plan``: what would be built and run."""

import os
from pathlib import Path
from typing import Any

import click

from mlc.cli import compiling, console, locking


@click.command(epilog=compiling.example("mlc plan pipeline.py", "mlc plan pipeline.py --json | jq '.tasks[].name'"))
@compiling.source_options
@compiling.bundle_options
@locking.options
@compiling.json_option
def command(as_json: bool, **asked: Any) -> None:
    """Show what SOURCE compiles to: images, steps, data and edges. Nothing is written."""
    made = compiling.plan(compiling.Asked(**locking.asked(asked)))
    from mlc.ir import dump

    folder = Path(os.path.relpath(asked["out"] or Path("out", made.name))).as_posix()
    text = dump.to_json(made) if as_json else dump.to_text(made, folder)
    console.out(text.rstrip("\n"))
