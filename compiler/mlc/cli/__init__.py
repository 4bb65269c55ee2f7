"""The command line: one file per command, click only here. ``mlc`` starts at :func:`main`."""

import sys


def main() -> int:
    """Run the command line of this process and return its exit status (:class:`mlc.cli.exits.Exit`)."""
    from mlc.cli.app import start

    return start(sys.argv[1:])
