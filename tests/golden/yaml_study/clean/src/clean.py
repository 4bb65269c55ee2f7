import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--raw", type=Path)
parser.add_argument("--table", type=Path)
parser.add_argument("--limit", type=int)
arguments = parser.parse_args()
lines = (arguments.raw / "plants.csv").read_text().splitlines()
(arguments.table / "table.csv").write_text("\n".join(lines[: arguments.limit]))
