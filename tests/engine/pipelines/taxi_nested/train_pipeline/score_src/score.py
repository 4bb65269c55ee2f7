"""How far the predictions are from the truth, beside the model that made them."""

import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser("score")
parser.add_argument("--predictions", type=Path)
parser.add_argument("--model", type=Path)
parser.add_argument("--score_report", type=Path)
args = parser.parse_args()

rows = list(csv.DictReader((args.predictions / "predictions.csv").open()))
worst = max(abs(float(row["cost"]) - float(row["predicted"])) for row in rows)
model = json.loads((args.model / "model.json").read_text())
line = {name: round(value, 3) for name, value in model.items()}
report = {"trips": len(rows), "worst": round(worst, 2), **line}
(args.score_report / "report.json").write_text(json.dumps(report))
