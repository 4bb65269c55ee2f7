"""``mlc cache``: what is kept between builds. Each command of the group has a file of its own, ``cache_<name>.py``."""

from importlib import import_module

import click

from mlc.cli import compiling

COMMANDS: dict[str, str] = {
    "list": "List images, environments and records, and how big they are.",
    "show": "Show one image: its layers, its key, who uses it.",
    "prune": "Throw away what is not needed, after showing it.",
    "export": "Write images to a folder or a file.",
    "import": "Take images from a folder or a file.",
}
"""Name and short help of each command, in the order of the help."""


class _Cache(click.Group):
    """Imports the file of a command only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"mlc.cli.cache_{cmd_name}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


command = _Cache(
    "cache",
    help="Look at what mlc keeps between builds, and throw away what is not needed.",
    epilog=compiling.example(
        "mlc cache list", "mlc cache show fashion_mnist/train", "mlc cache prune --older-than 30d"
    ),
)
