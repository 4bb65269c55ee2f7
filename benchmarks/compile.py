"""Compares `mlc build --no-images` and `mlc check` with the reference SDK: whole processes, in turn, medians.

Usage: ``python -m benchmarks.compile --sdk-python .oracle/bin/python [--rounds 5] [--nodes 10,100,1000]
[--commands build,check,errors]``; ``errors`` is a check of sources with a mistake in every third step. Prints a
Markdown table for each command: seconds on the clock and of the processor, MB of the largest resident set, and the
ratios SDK / mlc. ``mlc build`` writes the whole bundle into an empty folder each time; the SDK imports, builds,
validates and serialises. It stops at the first mistake that it finds, or finds none.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import write_project

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "components" / "fashion_mnist"
COMMANDS = {"build": ["build", "--no-images", "--out", "bench-out"], "check": ["check"], "errors": ["check"]}
"""What is timed, and the arguments of mlc for it."""


@dataclass(frozen=True)
class Measure:
    """One finished process: seconds of wall and processor time, MB of its largest resident set."""

    wall: float
    cpu: float
    memory: float


def measure(command: list[str], cwd: Path, allowed: Collection[int]) -> Measure:
    """Run ``command`` to its end; another exit status than the ``allowed`` is a failure of the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')}")
    return Measure(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(name: str, commands: dict[str, list[str]], cwd: Path, rounds: int, broken: bool) -> str:
    """A row of the table: medians of ``rounds`` runs of each command, taken in turn after one run to warm up."""
    seen: dict[str, list[Measure]] = {key: [] for key in commands}
    for turn in range(rounds + 1):
        for key, command in commands.items():
            shutil.rmtree(cwd / "bench-out", ignore_errors=True)
            result = measure(command, cwd, {"mlc": {1}, "sdk": {0, 1}}[key] if broken else {0})
            if turn:
                seen[key].append(result)
    medians = [
        [statistics.median(getattr(run, field) for run in runs) for field in ("wall", "cpu", "memory")]
        for runs in seen.values()
    ]
    cells = [name] + [f"{wall:.2f} s, {cpu:.2f} s, {memory:.0f} MB" for wall, cpu, memory in medians]
    if len(medians) == 2:
        cells.append(", ".join(f"{theirs / mine:.1f}" for mine, theirs in zip(*medians, strict=True)))
    return row(cells)


def row(cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sdk-python", help="interpreter of an environment with azure-ai-ml; left out: mlc alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nodes", default="10,100,1000")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="which of them; all by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        projects = [("Fashion-MNIST", EXAMPLE)]
        for nodes in map(int, options.nodes.split(",")):
            write_project(Path(scratch) / str(nodes), nodes)
            projects.append((f"{nodes} nodes", Path(scratch) / str(nodes)))
        for command in options.commands.split(","):
            table(command, projects, Path(scratch) / "work", options)


def table(command: str, projects: list[tuple[str, Path]], work: Path, options: argparse.Namespace) -> None:
    """Print a table: a row for each source of each project that ``command`` is about."""
    columns = [f"{command}: source", "mlc: clock, processor, memory"]
    columns += ["SDK: clock, processor, memory", "SDK / mlc"] if options.sdk_python else []
    print(row(columns), row(["---"] * len(columns)), sep="\n")
    stem = "broken" if command == "errors" else "pipeline"
    for name, folder in projects:
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns("__pycache__"))
        for source in sorted(work.glob(f"{stem}.*")):
            if source.suffix not in {".py", ".yml"}:
                continue
            commands = {"mlc": [str(Path(sys.executable).with_name("mlc")), *COMMANDS[command], source.name]}
            if options.sdk_python:
                reference = [str(Path(options.sdk_python).absolute()), str(HERE / "reference.py"), source.name]
                commands["sdk"] = reference
            print(compare(f"{name}, {source.suffix[1:]}", commands, work, options.rounds, stem == "broken"), flush=True)
        shutil.rmtree(work)
    print()


if __name__ == "__main__":
    main()
