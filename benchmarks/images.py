"""Times image builds side by side: mlc's bundle, and Dockerfiles that a careful person or another tool writes.

Usage: ``python -m benchmarks.images --prune [--heavy] [--only mlc,pip]``. The same study (one Python step on pandas,
scikit-learn, matplotlib and pyarrow; with ``--heavy`` TensorFlow, too) is built by each contestant in turn:

cold
    the engine has the base images and nothing else: no layer, no build cache, no cache mount
nothing
    the same again
code
    a line of the step's code changed
package
    one light package more is asked for
pruned
    the engine's build cache is gone (a fresh runner, `docker builder prune`); images are still there
size
    MB of the image, base included

``--prune`` has to be given: the build cache of the engine that ``docker`` reaches is removed several times. A
contestant whose Dockerfile cannot be built here stands in the table with the reason. Prints a Markdown table.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.contestants import CONTESTANTS, CannotBuildError, Contestant

STUDY = ("pandas==2.3.3", "scikit-learn==1.7.2", "matplotlib==3.10.7", "pyarrow==22.0.0")
HEAVY = "tensorflow-cpu==2.20.0"
LIGHT = "humanize==4.14.0"
COLUMNS = ("cold", "nothing", "code", "package", "pruned", "size")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prune", action="store_true", help="yes, remove the engine's build cache")
    parser.add_argument("--heavy", action="store_true", help="with TensorFlow")
    parser.add_argument("--only", default="", help="names of contestants, by commas")
    options = parser.parse_args()
    if not options.prune:
        parser.error("this removes the build cache of the engine that `docker` reaches; say --prune if it may")
    wanted = [made for made in CONTESTANTS if not options.only or made.name in options.only.split(",")]
    packages = (*STUDY, HEAVY) if options.heavy else STUDY
    print(row(["", *COLUMNS]), row(["---"] * (len(COLUMNS) + 1)), sep="\n")
    for kind in wanted:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            print(row([kind.name, *measured(kind(Path(scratch)), packages)]), flush=True)


def measured(contestant: Contestant, packages: tuple[str, ...]) -> list[str]:
    """The cells of a contestant's row; after a step that cannot be done, dashes and the reason."""
    cells: list[str] = []
    try:
        contestant.prepare(packages)
        prune()
        cells.append(timed(contestant))
        cells.append(timed(contestant))
        contestant.edit_code()
        cells.append(timed(contestant))
        contestant.prepare((*packages, LIGHT))
        cells.append(timed(contestant))
        prune()
        cells.append(timed(contestant))
        cells.append(f"{size(contestant.images()) / 1e6:,.0f} MB")
    except CannotBuildError as reason:
        print(f"{contestant.name}: {reason}", file=sys.stderr)
        cells += ["-"] * (len(COLUMNS) - len(cells) - 1) + [str(reason)]
    finally:
        for image in contestant.images():
            subprocess.run(["docker", "rmi", "--force", image], check=False, capture_output=True)
    return cells


def timed(contestant: Contestant) -> str:
    """Seconds of one build."""
    start = time.perf_counter()
    contestant.build()
    return f"{time.perf_counter() - start:.1f} s"


def prune() -> None:
    """Take the engine's build cache away, cache mounts included."""
    subprocess.run(["docker", "builder", "prune", "--all", "--force"], check=True, capture_output=True)


def size(images: Iterable[str]) -> int:
    """Bytes of the newest image, as ``docker image ls`` gives them."""
    newest = list(images)[-1]
    shown = subprocess.run(
        ["docker", "image", "inspect", "--format", "{{.Size}}", newest], check=True, capture_output=True, text=True
    )
    return int(shown.stdout)


def row(cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
