"""Predicts y for every x of the test data."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--model_input", type=Path)
parser.add_argument("--test_data", type=Path)
parser.add_argument("--score_output", type=Path)
args = parser.parse_args()

slope = json.loads((args.model_input / "model.json").read_text())["slope"]
with (args.score_output / "scored.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["y", "predicted"])
    for data in sorted(args.test_data.glob("*.csv")):
        for row in csv.DictReader(data.open()):
            writer.writerow([row["y"], slope * float(row["x"])])
