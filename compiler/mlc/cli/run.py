"""``mlc run``: a source or a bundle, run on this machine."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlc.cli import compiling, console, locking
from mlc.cli.exits import Exit
from mlc.diagnostics import Bag

if TYPE_CHECKING:
    from mlc.config.network import Network
    from mlc.ir.plan import Plan
    from mlc.runner import RunRecord


@click.command(
    epilog=compiling.example(
        "mlc run pipeline.py",
        "mlc run out/fashion-mnist --input epochs=1",
        "mlc run pipeline.py --engine process --jobs 1",
    )
)
@compiling.source_options
@compiling.bundle_options
@locking.options
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set an input of the pipeline for this run. Repeatable.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "docker", "process"]),
    default="auto",
    show_default=True,
    help="What runs the steps; auto: Docker if an engine answers, else plain processes.",
)
@click.option(
    "--gpu",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Give steps the GPUs that they ask for; auto: where there are any, on: or fail.",
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Steps at a time.  [default: cores, at least 2]")
@compiling.json_option
def command(inputs: tuple[str, ...], engine: str, gpu: str, jobs: int | None, as_json: bool, **asked: Any) -> None:
    """Run SOURCE, compiled first as `mlc build` does, or a bundle: the folder that `mlc build` wrote.

    Steps that have not changed since their last run are not run again. Inputs have the values that were compiled, or
    those of --input; the bundle's .env is for Compose alone.
    """
    plan, bundle, network = _plan_and_bundle(compiling.Asked(**locking.asked(asked, make=True)))
    from mlc import runner
    from mlc.cli.progress import Progress

    options = runner.RunOptions(
        engine=runner.EngineChoice(engine),
        gpu=runner.GpuChoice(gpu),
        inputs=_inputs(plan, inputs),
        max_parallel=jobs,
        network=network,
    )
    with Progress() as progress:
        record = runner.run(plan, bundle, options, progress)
    if as_json:
        console.out_json(runner.to_json(record))
    else:
        _tell(plan, record, bundle)
    if record.interrupted:
        raise click.exceptions.Exit(Exit.INTERRUPTED)
    if not record.succeeded:
        raise click.exceptions.Exit(Exit.STEP)


def _plan_and_bundle(asked: compiling.Asked) -> "tuple[Plan, Path, Network]":
    from mlc import config
    from mlc.cli import bundles, sources

    if sources.is_bundle(asked.source):
        if asked.maps or asked.component_paths:
            raise click.UsageError("Names were looked up when the bundle was built: give --map to mlc build.")
        folder = sources.bundle_folder(asked.source)
        plan = bundles.read_plan(folder)
        bundles.check_runnable(plan, folder)
        bag = Bag()
        settings = config.load(folder, bag)
        console.diagnostics(bag.sorted(), bag.sources, Path.cwd())
        return plan, folder, settings.network
    from mlc.cli.build import files_line, write

    session, compiled = compiling.compile_source(replace(asked, online=True))
    console.note(files_line(compiled, write(compiled)))
    return compiled.plan, compiled.bundle, session.options.config.network


def _inputs(plan: "Plan", given: tuple[str, ...]) -> dict[str, str]:
    from mlc import runner

    bag = Bag()
    found = runner.overrides(plan, given, Path.cwd(), bag)
    if bag.has_errors:
        console.diagnostics(bag.sorted(), {}, Path.cwd())
        raise click.exceptions.Exit(Exit.USAGE)
    return found


def _tell(plan: "Plan", record: "RunRecord", bundle: Path) -> None:
    from mlc import runner
    from mlc.cli import outputs, runs
    from mlc.cli.build import quoted, shown

    console.out()
    for line in (*runs.steps_table(record), *runs.metrics_lines(runner.metrics(plan, bundle))):
        console.out(line)
    if not record.succeeded:
        console.out(f"\nlogs: {shown(record.folder)}")
        return
    if not (kept := runner.outputs(plan, bundle)):
        return
    console.out("\noutputs:")
    for line in outputs.places_table(kept):
        console.out(f"  {line}")
    console.out(f"copy them with: mlc outputs {quoted(shown(bundle))} --to results")
