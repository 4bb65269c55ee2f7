"""docs/cli.md, made of what the commands say about themselves: ``python -m tests.docs.cli_page`` writes it anew."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click

from mlc.cli.app import COMMANDS
from mlc.cli.exits import MEANING

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

HEAD = """\
# The command line

Results go to stdout, messages and progress to stderr. A message reads `file:line:col: error[E123]: what. why. what to
do`; every code has a page in [errors/](errors/). Colour follows `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb`.

The script's own arguments go behind `--`: `mlc build submit.py -- --learning-rate 0.1`. A source is a file, since the
paths in it are relative to it: `-` is refused. `mlc graph -o -` writes to stdout.

"""


def page() -> str:
    """The whole page, as it has to stand in docs/."""
    parts = [HEAD, "## Exit status\n\n| status | meaning |\n|---|---|\n"]
    parts += [f"| {status.value} | {_cell(meaning)} |\n" for status, meaning in MEANING.items()]
    for name in COMMANDS:
        parts.append(f"\n## mlc {name}\n\n```text\n{_help(name)}\n```\n")
        command = import_module(f"mlc.cli.{name}").command
        for inner in command.list_commands(click.Context(command)) if isinstance(command, click.Group) else ():
            parts.append(f"\n### mlc {name} {inner}\n\n```text\n{_help(name, inner)}\n```\n")
    return "".join(parts)


def _cell(text: str) -> str:
    """``text`` as a cell of a table."""
    return text.replace("|", "\\|")


def _help(*names: str) -> str:
    start = "import sys; from mlc.cli import main; sys.exit(main())"
    around = os.environ | {"COLUMNS": "80", "NO_COLOR": "1"}
    command = [sys.executable, "-c", start, *names, "--help"]
    return subprocess.run(command, env=around, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
