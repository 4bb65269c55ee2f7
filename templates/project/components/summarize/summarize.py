"""Writes the number of values and their mean, per sensor."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--table", type=Path)
parser.add_argument("--summary", type=Path)
arguments = parser.parse_args()

values = {}
with open(arguments.table / "clean.csv", newline="") as stream:
    for row in csv.DictReader(stream):
        values.setdefault(row["sensor"], []).append(float(row["value"]))

summary = {sensor: {"count": len(found), "mean": sum(found) / len(found)} for sensor, found in sorted(values.items())}
text = json.dumps(summary, indent=2)
(arguments.summary / "summary.json").write_text(text + "\n")
print(text)
