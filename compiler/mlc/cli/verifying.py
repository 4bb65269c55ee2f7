"""``mlc build --verify``: tries the images that were built, and says what is wrong with them."""

from typing import TYPE_CHECKING

import click

from mlc.cli import console
from mlc.cli.exits import Exit
from mlc.diagnostics import Bag, gathered

if TYPE_CHECKING:
    from mlc.driver import Compiled
    from mlc.images import Engine

option = click.option(
    "--verify",
    is_flag=True,
    help="Try the images: import what was installed, start each component's entry as far as is safe.",
)


def verify(compiled: "Compiled", engine: "Engine") -> None:
    """Print every problem of every image, and end the command if there is one; else say what was tried."""
    from mlc.cli.progress import Progress
    from mlc.images.verify import verify as try_all

    bag = Bag()
    with Progress() as progress:
        tried = try_all(compiled.plan, engine, progress, bag)
    console.diagnostics(gathered(bag.sorted()), bag.sources, console.here())
    bad = [one.image for one in tried if not one.good]
    if bad:
        console.note(f"verified: {console.count(len(bad), 'environment')} of {len(tried)} with mistakes")
        raise click.exceptions.Exit(Exit.IMAGE)
    known = sum(one.known for one in tried)
    before = f" ({known} tried before)" if known else ""
    console.note(f"verified: {console.count(len(tried), 'environment')}{before}, no mistakes")
