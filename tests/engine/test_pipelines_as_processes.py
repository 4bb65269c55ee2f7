"""The pipelines of ``pipelines/`` once more, by ``mlc run`` where no Docker engine answers."""

import shutil

import pytest
from tests.engine.test_pipelines import PIPELINES
from tests.support.bundles import mlc

OUTPUTS = {
    "hello/output_file.yml": ("report/report.txt", "one file\n"),
    "hello/output_folder.yml": ("write.reports/report.txt", "in a folder\n"),
    # After step k, 3 times the product of 1 - 0.8 * 1.875 / k is left of the slope; times the mean of x, 1.25.
    "local_components/pipeline.yml": ("evaluation/report.txt", "4 rows, mean error 0.012\n"),
    "registered_components/pipeline.yml": ("evaluation/report.txt", "4 rows, mean error 2.011\n"),
    "input_and_output/pipeline.yml": (
        "sample_output/copies.txt",
        "the_default\nfirst.csv: 1,2\nsecond.csv: 3,4\n",
    ),
    "chain/pipeline.yml": ("final_output/sample.txt", "from the start\nthrough A\nthrough B\nthrough C\n"),
    "taxi/pipeline.yml": ("report/report.json", '{"trips": 2, "worst": 0.0, "rate": 1.5, "base": 2.5}'),
    "taxi_nested/pipeline.yml": ("report/report.json", '{"trips": 2, "worst": 0.0, "rate": 1.5, "base": 2.5}'),
    "compare/pipeline.yml": ("best_report/report.txt", "4 rows, mean error 0.059\n"),
    "registered_in_the_notebook/registered.ipynb": ("evaluation/eval_result.txt", "4 rows\n"),
}
"""Of a source, one file of its outputs and what must be in it."""

LINES = {
    "hello/hello.yml": ("good morning", "good night"),
    "hello/abc.yml": ("good morning the whole world", "written by b"),
    "hello/io.yml": ("writing", "a line"),
    "hello/settings.yml": ("in front", "in the background", "last & least"),
    "hello/default_artifacts.yml": ("left behind",),
    "three_jobs/pipeline.yml": ("this is part A", "this is part B", "this is part C"),
    "step_sequence/step_sequence.ipynb": ("something", "made"),
}
"""Of a source without outputs, what its steps print."""


def run(source, tmp_path):
    folder, name = source.split("/")
    copy = shutil.copytree(PIPELINES / folder, tmp_path / folder)
    done = mlc("run", name, "--out", "bundle", cwd=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy, done.stdout + done.stderr


@pytest.mark.parametrize("source", OUTPUTS)
def test_what_comes_out(source, tmp_path):
    copy, _ = run(source, tmp_path)
    assert mlc("outputs", "bundle", "--to", "results", cwd=copy).returncode == 0
    path, content = OUTPUTS[source]
    assert (copy / "results" / path).read_text() == content


@pytest.mark.parametrize("source", LINES)
def test_what_is_said(source, tmp_path):
    _, output = run(source, tmp_path)
    for line in LINES[source]:
        assert any(said.endswith(line) for said in output.splitlines()), output
