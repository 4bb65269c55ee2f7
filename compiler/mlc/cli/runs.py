"""``mlc runs``: what was run in a bundle, and how it ended."""

import sys
from typing import TYPE_CHECKING

import click

from mlc.cli import compiling, console
from mlc.cli.console import Style
from mlc.cli.sources import bundle_folder

if TYPE_CHECKING:
    from mlc.runner import RunMetrics, RunRecord, StepRecord


@click.command(epilog=compiling.example("mlc runs out/fashion-mnist", "mlc runs out/fashion-mnist --json"))
@click.argument("bundle", type=click.Path())
@compiling.json_option
def command(bundle: str, as_json: bool) -> None:
    """List the runs that `mlc run` made in BUNDLE, the newest first, with the latest metrics of its steps."""
    from mlc import runner
    from mlc.cli.bundles import read_plan

    folder = bundle_folder(bundle)
    found = tuple(reversed(runner.list_runs(folder)))
    logged = runner.metrics(read_plan(folder), folder) if found else ()
    if as_json:
        runs = [runner.to_json(run) for run in found]
        console.out_json({"runs": runs, "metrics": {run.name: run.last for run in logged}})
        return
    if not found:
        console.out("No runs of `mlc run` yet. `docker compose up` keeps none: see `docker compose ps --all` there.")
    for number, run in enumerate(found):
        console.out(f"{console.paint(run.id, Style.STRONG, sys.stdout)}  {_end(run)} on {run.engine}")
        for line in (*steps_table(run), *(metrics_lines(logged) if number == 0 else ())):
            console.out(f"  {line}" if line else "")


def steps_table(run: "RunRecord") -> list[str]:
    """A line per step: name, how it ended, how long it took, why it failed."""
    from mlc.cli.progress import duration

    rows = [
        (console.printable(step.task), str(step.state), duration(step.seconds) if _ran(step) else "", _why(step))
        for step in run.steps
    ]
    return console.table(rows)


def metrics_lines(logged: "tuple[RunMetrics, ...]") -> list[str]:
    """The latest value of every metric, by step, below a title; nothing where no step logged any."""
    rows = [
        (console.printable(run.name), console.printable(name), f"{value:.6g}")
        for run in logged
        for name, value in run.last.items()
    ]
    return ["", "metrics:", *(f"  {line}" for line in console.table(rows))] if rows else []


def _ran(step: "StepRecord") -> bool:
    return bool(step.seconds) and step.state != "reused"


def _why(step: "StepRecord") -> str:
    return console.printable(step.reason) or (f"exit status {step.exit_code}" if step.exit_code else "")


def _end(run: "RunRecord") -> str:
    from mlc.cli.progress import duration

    word = "interrupted" if run.interrupted else "succeeded" if run.succeeded else "failed"
    return f"{word} in {duration(run.seconds)}"
