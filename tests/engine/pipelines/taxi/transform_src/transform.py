"""Drops the trips that cannot be: no way, or no price."""

import argparse
import csv
from pathlib import Path

parser = argparse.ArgumentParser("transform")
parser.add_argument("--clean_data", type=Path)
parser.add_argument("--transformed_data", type=Path)
args = parser.parse_args()

rows = list(csv.DictReader((args.clean_data / "trips.csv").open()))
kept = [row for row in rows if float(row["distance"]) > 0 and float(row["cost"]) > 0]
print(f"kept {len(kept)} of {len(rows)} trips")
with (args.transformed_data / "trips.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(kept)
