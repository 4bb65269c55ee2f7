"""``mlc check``: all mistakes of a source, nothing written."""

from typing import Any

import click

from mlc.cli import compiling, console, locking
from mlc.cli.exits import Exit
from mlc.diagnostics import Diagnostic, Span


@click.command(epilog=compiling.example("mlc check pipeline.py", "mlc check pipeline.yml --json"))
@compiling.source_options
@locking.options
@compiling.json_option
def command(as_json: bool, **asked: Any) -> None:
    """Show all mistakes in SOURCE: a .py, .ipynb, .yml or .yaml file.

    Messages go to stderr, the summary (or the JSON) to stdout. The exit status is 1 if there are errors.
    """
    session = compiling.open_session(compiling.Asked(**locking.asked(asked)))
    compiling.check(session)
    if as_json:
        console.out_json(
            {
                "source": session.source.name,
                "ok": not session.bag.has_errors,
                "diagnostics": [as_dict(item) for item in session.bag.sorted()],
            }
        )
    else:
        session.report()
        console.out(session.summary())
    if session.bag.has_errors:
        raise click.exceptions.Exit(Exit.SOURCE)


def _place(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column}


def as_dict(item: Diagnostic) -> dict[str, object]:
    """A message for a program; line and column count from 1, 0 means not known."""
    return {
        "code": item.code,
        "severity": str(item.severity),
        "file": item.span.file,
        "line": item.span.line,
        "column": item.span.column,
        "what": item.what,
        "why": item.why,
        "fix": item.fix,
        "notes": [{"what": note.what, "text": note.text, "places": [*map(_place, note.places)]} for note in item.notes],
    }
