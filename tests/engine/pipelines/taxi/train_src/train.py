"""Fits cost = base + rate * distance by least squares; keeps a part of the trips for the test."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser("train")
parser.add_argument("--training_data", type=Path)
parser.add_argument("--test_data", type=Path)
parser.add_argument("--model_output", type=Path)
parser.add_argument("--test_split_ratio", type=float)
args = parser.parse_args()

rows = list(csv.DictReader((args.training_data / "trips.csv").open()))
tested = round(len(rows) * args.test_split_ratio)
points = [(float(row["distance"]), float(row["cost"])) for row in rows[tested:]]
mean_x = sum(x for x, _ in points) / len(points)
mean_y = sum(y for _, y in points) / len(points)
rate = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
(args.model_output / "MLmodel").write_text("flavors:\n  json_line: {data: model.json}\n")
(args.model_output / "model.json").write_text(json.dumps({"rate": rate, "base": mean_y - rate * mean_x}))
with (args.test_data / "trips.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows[:tested])
