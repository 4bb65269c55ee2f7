"""A component that is a Python function: mlc runs it with typed arguments."""

import csv
from pathlib import Path

from mlc import Input, Output, command_component


@command_component(
    name="clean",
    display_name="Clean",
    environment={"image": "docker.io/library/python:3.11-slim-bookworm"},
)
def clean(
    table: Input(type="uri_file"),
    cleaned: Output(type="uri_folder"),
    highest: float = 50.0,
):
    with open(table, newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["value"]]
    kept = [row for row in rows if float(row["value"]) <= highest]
    with open(Path(cleaned) / "clean.csv", "w", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=["sensor", "value"])
        writer.writeheader()
        writer.writerows(kept)
    print(f"kept {len(kept)} of {len(rows)} rows with a value")
