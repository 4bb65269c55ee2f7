"""The ``mlc`` command: finds the subcommand (and imports only that one), turns every way to end into an exit status."""

import os
import sys
from importlib import import_module

import click

from mlc.cli.exits import MEANING, OF_CODE, Exit
from mlc.cli.version import VERSION

COMMANDS: dict[str, str] = {
    "build": "Compile a pipeline to a bundle and build its images.",
    "check": "Show all mistakes in a pipeline; nothing is written.",
    "plan": "Show what would be built and run.",
    "graph": "Draw the pipeline as SVG, Mermaid or DOT.",
    "vendor": "Collect in a bundle all that its images are made of.",
    "lock": "Pin the packages of each environment, with hashes.",
    "run": "Run a pipeline or a bundle on this machine.",
    "outputs": "List the outputs of a bundle, or copy them to a folder.",
    "runs": "List the runs of a bundle and their metrics.",
    "cache": "Look at what is kept between builds; throw away, carry.",
    "components": "Keep components, to use them by name in every project.",
    "environments": "Keep environments, to use them by name in every project.",
    "data": "Keep where data is, to use it by name in every project.",
    "models": "Keep where models are, to use them by name in every project.",
    "ci": "Write a workflow for GitHub Actions or GitLab CI.",
    "init": "Write a small working project to start from.",
    "doctor": "Look at this machine: engine, GPU, disk, tools.",
    "completion": "Print the completion script of a shell.",
}
"""Name and short help of each command; its file in this folder has the same name."""

COMPLETE = "_MLC_COMPLETE"
"""The variable by which a shell asks for completions; commands have it as their context's object."""


class Commands(click.Group):
    """Imports the file of a command only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"mlc.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but a misspelt name gets the nearest one, and a file gets the command to use."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"No such command {name!r}. {_hint(name)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands from :data:`COMMANDS`: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _hint(name: str) -> str:
    if os.path.exists(name):  # noqa: PTH110 - a Path would refuse some names
        return f"To compile that file: mlc build {name}"
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return f"Did you mean {near[0]!r}?" if near else "mlc --help lists them."


def _epilog() -> str:
    statuses = "\n".join(f"  {status.value:>3}  {MEANING[status]}" for status in Exit)
    return f"\b\nExample:\n  mlc build pipeline.py\n\n\b\nExit status:\n{statuses}"


@click.command(cls=Commands, epilog=_epilog(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="%(prog)s %(version)s")
def app() -> None:
    """Compile Azure Machine Learning pipelines to self-contained container bundles, offline."""


def start(arguments: list[str]) -> int:
    """Run ``mlc`` with ``arguments``; the exit status. No exception leaves this function."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a name need not be valid text
    _end_on_sigterm()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whatever is still buffered must not be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE
    return status


def _run(arguments: list[str]) -> int:
    try:
        if COMPLETE in os.environ:
            from click.shell_completion import shell_complete

            return shell_complete(app, {}, "mlc", COMPLETE, os.environ[COMPLETE])
        with app.make_context("mlc", arguments, obj=COMPLETE) as context:
            app.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code
    except Terminated:
        return Exit.TERMINATED
    except (KeyboardInterrupt, click.Abort) as stop:
        # What was under way says where it was.
        sys.stderr.write("\n".join(["", "Interrupted.", *getattr(stop, "__notes__", ())]) + "\n")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        return _stop(error)
    return Exit.OK


def _stop(error: Exception) -> int:
    """The status of a diagnostic that stopped the command; every other exception is a bug of ours."""
    from mlc.cli import console
    from mlc.diagnostics import MlcError

    if isinstance(error, MlcError):
        console.diagnostics([error.diagnostic], {}, console.here())
        return OF_CODE.get(error.diagnostic.code, Exit.SOURCE)
    import traceback

    traceback.print_exception(error)
    sys.stderr.write(
        f"\nThis is a bug in mlc {VERSION}, not in your pipeline. Please open an issue in mlc's repository with the\n"
        "text above and, if you can, the smallest source that shows it.\n"
    )
    return Exit.INTERNAL


class Terminated(KeyboardInterrupt):
    """The process was told to end. What passes Ctrl-C on passes this on; a script's own exit is something else."""


def _end_on_sigterm() -> None:
    """Let ``finally`` blocks run when the process is told to end (containers are stopped, folders removed)."""
    import signal

    def end(_: int, __: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, end)
