"""Starts the shim. This file is also read by Pythons that are too old for the rest, so that they can say so."""

import sys

if sys.version_info < (3, 6):
    sys.exit("mlc: error: this environment has Python %d.%d; Python functions need 3.6 or newer" % sys.version_info[:2])

if __name__ == "__main__":
    # The bundle stays as it is: no __pycache__ of ours in it.
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    from mlc._main import main

    sys.dont_write_bytecode = writes
    sys.exit(main(sys.argv[1:]))
