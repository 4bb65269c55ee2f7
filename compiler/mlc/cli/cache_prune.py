"""``mlc cache prune``: what would go is shown first; it goes when somebody says so."""

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from mlc.cli import amounts, compiling, console
from mlc.cli.amounts import Age, Size

if TYPE_CHECKING:
    from mlc.images.prune import Decision, Wish


@click.command(
    "prune",
    epilog=compiling.example(
        "mlc cache prune", "mlc cache prune --older-than 30d --dry-run", "mlc cache prune --all --keep-size 20GB --yes"
    ),
)
@click.option("--older-than", type=Age(), metavar="AGE", help="What was not used for so long: 30d, 12h, 2w.")
@click.option("--keep-size", type=Size(), metavar="SIZE", help="The longest unused, until no more than that is left.")
@click.option("--unused", is_flag=True, help="What no bundle on this machine asks for.  [default without a condition]")
@click.option("--all", "everything", is_flag=True, help="Also what bundles ask for, and what mlc only remembers.")
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@compiling.json_option
def command(*, everything: bool, dry_run: bool, yes: bool, as_json: bool, **conditions: Any) -> None:
    """Throw away images and environments of mlc that are not needed. Several conditions must all hold.

    What would go is shown first; on a terminal you are asked, elsewhere nothing goes without --yes. Images stay if a
    container was made from them, running or not, if they have a name that mlc did not give, or if a build or a run
    holds them. Images that are not of mlc's making, base images among them, are never touched.
    """
    if everything and conditions["unused"]:
        raise click.UsageError("--all and --unused contradict each other.")
    from mlc.cli.cache_list import taken
    from mlc.images.prune import decide

    kept, why = taken()
    decisions = decide(kept, _wish(everything=everything, **conditions), time.time())
    if kept.images is None:
        console.note(f"No engine was asked for images: {console.printable(why)}.")
    goes = any(decision.goes for decision in decisions)
    if not as_json:
        _tell(decisions, "would go")
    really = goes and not dry_run and (yes or (not as_json and _confirmed()))
    if really:
        decisions = _carried_out(decisions)
        if not as_json:
            _tell_end(decisions)
    elif goes and not dry_run and not as_json and not _is_person():
        console.note("Nothing was removed: say --yes.")
    if as_json:
        console.out_json(
            {
                "removed": really,
                "frees": sum(decision.frees for decision in decisions if decision.goes),
                "goes": [_as_dict(decision) for decision in decisions if decision.goes],
                "stays": [_as_dict(decision) for decision in decisions if not decision.goes],
            }
        )


def _wish(*, older_than: float | None, keep_size: int | None, unused: bool, everything: bool) -> "Wish":
    from mlc.images.prune import Wish

    nothing_said = older_than is None and keep_size is None and not everything
    return Wish(older=older_than, unused=unused or nothing_said, keep=keep_size, records=everything)


def _carried_out(decisions: "tuple[Decision, ...]") -> "tuple[Decision, ...]":
    """Everything is looked at again just before: what came into use while the question stood stays."""
    from mlc.cli.cache_list import taken
    from mlc.images.engine import Engine, find_engine
    from mlc.images.prune import carry_out

    engine = find_engine()
    kept, _ = taken()
    return carry_out(decisions, kept, engine if isinstance(engine, Engine) else None)


def _is_person() -> bool:
    return console.is_terminal(sys.stdin) and console.is_terminal(sys.stderr)


def _confirmed() -> bool:
    return _is_person() and click.confirm("Remove them?", err=True)


def _tell(decisions: "tuple[Decision, ...]", word: str) -> None:
    going = [decision for decision in decisions if decision.goes]
    staying = [decision for decision in decisions if not decision.goes]
    for verb, some in ((word, going), ("stays", staying)):
        rows = [(verb, one.name, amounts.size(one.frees) if one.goes else "", one.why) for one in some]
        for line in console.table(rows):
            console.out(console.printable(line))
    freed = amounts.size(sum(decision.frees for decision in going))
    console.out(f"{console.count(len(going), 'thing')} {word}, {freed}." if going else "There is nothing to remove.")


def _tell_end(decisions: "tuple[Decision, ...]") -> None:
    going = [decision for decision in decisions if decision.goes]
    for decision in decisions:
        if not decision.goes and decision.failed:
            console.note(f"{console.printable(decision.name)} stays: {console.printable(decision.why)}")
    console.out(f"Removed {console.count(len(going), 'thing')}, {amounts.size(sum(one.frees for one in going))}.")
    console.out("The builder keeps layers of its own, which `docker builder prune` removes.")


def _as_dict(decision: "Decision") -> dict[str, object]:
    from mlc.images.inventory import KeptEnvironment, KeptFolder

    kind = {KeptEnvironment: "environment", KeptFolder: "records"}.get(type(decision.item), "image")
    return {"name": decision.name, "kind": kind, "why": decision.why, "frees": decision.frees}
