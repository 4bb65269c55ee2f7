"""``mlc graph``: the pipeline as a picture."""

import sys
from pathlib import Path

import click

from mlc.cli import compiling
from mlc.diagnostics import Span, fail

_FORMATS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".md": "mermaid", ".dot": "dot", ".gv": "dot"}


@click.command(epilog=compiling.example("mlc graph pipeline.py -o graph.svg", "mlc graph pipeline.py --format mermaid"))
@compiling.source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid", "dot"]),
    help="Form of the graph.  [default: by the name of the output file, else svg]",
)
@click.option("-o", "--output", default="-", metavar="FILE", help="Where to write; - is stdout.  [default: -]")
def command(form: str | None, output: str, **asked: object) -> None:
    """Draw the steps of SOURCE and what flows between them."""
    made = compiling.plan(compiling.Asked(**asked))  # type: ignore[arg-type]
    from mlc.backends import graph

    match form or _FORMATS.get(Path(output).suffix.lower(), "svg"):
        case "mermaid":
            text = graph.mermaid(made)
        case "dot":
            text = graph.dot(made)
        case _:
            text = graph.svg(made)
    if output == "-":
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail("E604", Span(output), "The graph cannot be written", why=error.strerror or str(error)) from None
