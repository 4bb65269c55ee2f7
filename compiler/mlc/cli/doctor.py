"""``mlc doctor``: what this machine can do, and what to do about the rest."""

import sys
from dataclasses import asdict

import click

from mlc.cli import compiling, console
from mlc.cli.console import Style
from mlc.cli.exits import Exit

_STYLES = {"ok": Style.GOOD, "missing": Style.DOUBTFUL, "low": Style.DOUBTFUL, "broken": Style.BAD}


@click.command(
    epilog=compiling.example("mlc doctor", "mlc doctor --json | jq '.findings[] | select(.health != \"ok\")'")
)
@compiling.json_option
def command(as_json: bool) -> None:
    """Look at this machine: engine, Compose, buildx, GPU, disk, uv, Python; and what to do about each.

    The exit status is 0 if pipelines can be run here, on Docker or as plain processes; else 5.
    """
    from mlc.cli import examine

    findings = examine.examine()
    able = examine.able(findings)
    if as_json:
        console.out_json({"able": able, "findings": [asdict(finding) for finding in findings]})
    else:
        rows = console.table((finding.name, finding.health, finding.seen) for finding in findings)
        for finding, row in zip(findings, rows, strict=True):
            mark = console.paint(finding.health, _STYLES[finding.health], sys.stdout)
            console.out(console.printable(row).replace(finding.health, mark, 1))
            if finding.cure:
                console.out(f"    {console.printable(finding.cure)}.")
        console.out("\nPipelines can be run here." if able else "\nPipelines cannot be run here yet.")
    if not able:
        raise click.exceptions.Exit(Exit.MACHINE)
