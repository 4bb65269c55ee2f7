"""``python -m mldesigner execute ...``."""

import sys

from mlc._main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
