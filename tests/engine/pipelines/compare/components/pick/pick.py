"""Takes the model with the smaller error, and its report."""

import argparse
import shutil
from pathlib import Path

parser = argparse.ArgumentParser()
for name in ("model1", "report1", "model2", "report2", "best_model", "best_report"):
    parser.add_argument(f"--{name}", type=Path)
args = parser.parse_args()


def error(report):
    return float((report / "report.txt").read_text().split()[-1])


first = error(args.report1) <= error(args.report2)
model, report = (args.model1, args.report1) if first else (args.model2, args.report2)
print(f"the {'first' if first else 'second'} is better")
shutil.copytree(model, args.best_model, dirs_exist_ok=True)
shutil.copytree(report, args.best_report, dirs_exist_ok=True)
