"""What the model says about the trips of the test."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser("predict")
parser.add_argument("--model_input", type=Path)
parser.add_argument("--test_data", type=Path)
parser.add_argument("--predictions", type=Path)
args = parser.parse_args()

model = json.loads((args.model_input / "model.json").read_text())
with (args.predictions / "predictions.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["cost", "predicted"])
    for row in csv.DictReader((args.test_data / "trips.csv").open()):
        writer.writerow([row["cost"], round(model["base"] + model["rate"] * float(row["distance"]), 2)])
