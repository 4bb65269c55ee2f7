"""Fits y = slope * x by steps down the gradient; the schedule makes the steps smaller."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--training_data", type=Path)
parser.add_argument("--max_epochs", type=int)
parser.add_argument("--learning_rate", type=float)
parser.add_argument("--schedule", type=str)
parser.add_argument("--model_output", type=Path)
args = parser.parse_args()

rows = [row for file in sorted(args.training_data.glob("*.csv")) for row in csv.DictReader(file.open())]
points = [(float(row["x"]), float(row["y"])) for row in rows]
slope = 0.0
for epoch in range(args.max_epochs):
    rate = args.learning_rate / (1 + epoch) if args.schedule == "time-based" else args.learning_rate
    slope -= rate * sum((slope * x - y) * x for x, y in points) / len(points)
print(f"slope after {args.max_epochs} epochs: {slope:.3f}")
model = {"slope": slope, "epochs": args.max_epochs, "rate": args.learning_rate, "schedule": args.schedule}
(args.model_output / "model.json").write_text(json.dumps(model))
