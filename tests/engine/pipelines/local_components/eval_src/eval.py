"""The mean absolute error of what was scored."""

import argparse
import csv
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--scoring_result", type=Path)
parser.add_argument("--eval_output", type=Path)
args = parser.parse_args()

rows = list(csv.DictReader((args.scoring_result / "scored.csv").open()))
error = sum(abs(float(row["y"]) - float(row["predicted"])) for row in rows) / len(rows)
(args.eval_output / "report.txt").write_text(f"{len(rows)} rows, mean error {error:.3f}\n")
