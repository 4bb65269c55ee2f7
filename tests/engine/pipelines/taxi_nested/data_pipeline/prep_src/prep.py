"""Brings the trips of two companies, whose files name their columns otherwise, into one table."""

import argparse
import csv
from pathlib import Path

COLUMNS = {"km": "distance", "fare": "cost", "trip_distance": "distance", "total": "cost"}

parser = argparse.ArgumentParser("prep")
parser.add_argument("--raw_data", type=Path, help="folder of the companies' files")
parser.add_argument("--prep_data", type=Path, help="folder of the one table")
args = parser.parse_args()

with (args.prep_data / "trips.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, ["company", "distance", "cost"])
    writer.writeheader()
    for source in sorted(args.raw_data.glob("*.csv")):
        for row in csv.DictReader(source.open()):
            named = {COLUMNS[column]: value for column, value in row.items()}
            writer.writerow({"company": source.stem, **named})
