"""The command line: one file per command, click only here. ``mlc`` starts at :func:`main`."""

import gc
import sys


def main() -> int:
    """Run the command line of this process and return its exit status (:class:`mlc.cli.exits.Exit`)."""
    # Nearly all that a compilation allocates it keeps. Looking for rubbish after every 700 objects instead, and once
    # more through all of them when the process ends, takes 15 ms, 7 % of a build of the example.
    gc.set_threshold(100_000)
    from mlc.cli.app import start

    status = start(sys.argv[1:])
    gc.freeze()
    return status
