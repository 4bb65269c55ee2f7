"""Cleans a table of measurements, then summarises it. Compile and run: mlc run pipeline.py"""

from pathlib import Path

from components.clean.component import clean
from mlc import Input, load_component, pipeline

HERE = Path(__file__).parent

summarize = load_component(HERE / "components" / "summarize" / "component.yml")


@pipeline(description="Clean a table of measurements and summarise it")
def measurements(data: Input(type="uri_file"), highest: float = 50.0):
    cleaned = clean(table=data, highest=highest)
    summary = summarize(table=cleaned.outputs.cleaned)
    return {"summary": summary.outputs.summary}


job = measurements(data=Input(type="uri_file", path=HERE / "data" / "measurements.csv"))
