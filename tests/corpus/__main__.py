"""``python -m tests.corpus CHECKOUT``: the table; status 1 if anything crashed, is bad, or must compile and does not.

Sources run on a copy of the checkout, a process each, as many at a time as there are CPUs. No network is needed.
"""

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.corpus import expected, table
from tests.corpus.compiling import Setting, compile_source
from tests.corpus.sources import sources


def main(arguments: list[str]) -> int:
    """Compile, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description="Compile a checkout's pipelines.")
    parser.add_argument("checkout", type=Path, help="a checkout of Azure/azureml-examples, or a folder of it")
    parser.add_argument("--only", default="", metavar="TEXT", help="only sources with TEXT in their path")
    parser.add_argument("--seconds", type=float, default=120.0, help="limit for one source (default: 120)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time (default: one per CPU)")
    parser.add_argument("--messages", action="store_true", help="also print what was said about each source")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the bundles in this new folder")
    asked = parser.parse_args(arguments)
    wanted = expected.read(expected.LIST.read_text(encoding="utf-8"))
    chosen = [source for source in sources(asked.checkout) if asked.only in source.as_posix()]
    with tempfile.TemporaryDirectory(prefix="corpus-") as work:
        # Scripts write files beside themselves; the checkout stays as it is.
        copy = Path(work, "checkout")
        shutil.copytree(asked.checkout, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        # Names are looked up in the whole repository, whose history is not needed.
        (copy / ".git").mkdir()
        expected.give(wanted, copy)
        setting = Setting(
            checkout=copy, out=asked.keep or Path(work, "bundles"), seconds=asked.seconds, options=wanted.told
        )
        setting.out.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(asked.jobs) as pool:
            outcomes = [
                one for many in pool.map(lambda source: compile_source(source, setting), chosen) for one in many
            ]
    print(table.rows(outcomes, messages=asked.messages))
    print(table.totals(outcomes))
    verdicts = {path: verdict for path, verdict in wanted.verdicts.items() if asked.only in path}
    broken = expected.broken(outcomes, verdicts)
    print(f"\n{len(verdicts)} must compile: " + ("\n".join(["not all do", *broken]) if broken else "all do"))
    return int(bool(broken) or not all(outcome.verdict.is_answer for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
