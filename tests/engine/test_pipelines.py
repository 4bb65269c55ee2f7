"""Pipelines in the forms of Azure's public examples, compiled unmodified, run by a plain ``docker compose up``.

The folders in ``pipelines/`` have the structure of examples of Azure/azureml-examples: their ports, forms and settings;
the code is our own, small and needs no package, so that what comes out can be told beforehand.
"""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support import standins
from tests.support.bundles import Bundle, steps_run

PIPELINES = Path(__file__).with_name("pipelines")

pytestmark = pytest.mark.engine
once = pytest.mark.parametrize("engine", ["default"], indirect=True)
"""Most pipelines run on one engine; those in the forms that differ most run on an old and a new one."""

Ran = tuple[Bundle, str]


@pytest.fixture
def run(compiled, tmp_path) -> Callable[..., Ran]:
    """Compile a copy of a folder in ``pipelines/`` and run it; the bundle and what ``up`` printed."""

    def run_copy(source: str, **variables: str) -> Ran:
        folder, _, name = source.partition("/")
        copy = shutil.copytree(PIPELINES / folder, tmp_path / folder)
        bundle = compiled(copy / name)
        done = bundle.up(**variables)
        assert done.returncode == 0, done.stdout
        return bundle, done.stdout

    return run_copy


@pytest.fixture
def text(tmp_path) -> Callable[[Bundle, str, str], str]:
    """The text of a file that a step wrote to one of its outputs: ``text(bundle, "step/port", "file")``."""

    def read(bundle: Bundle, output: str, name: str) -> str:
        step, port = output.split("/")
        return (bundle.copy(step, port, tmp_path / f"{step}-{port}") / name).read_text()

    return read


def said(output: str, step: str) -> list[str]:
    """The lines that a step itself printed, without what the launcher says."""
    lines = re.findall(rf"(?m)^{re.escape(step)}(?:-1)? +\| (?!mlc: )(.*)$", output)
    return [line.rstrip() for line in lines]


@once
def test_jobs_that_know_nothing_of_each_other(run):
    _, output = run("hello/hello.yml")
    assert said(output, "greet") == ["good morning"]
    assert said(output, "answer") == ["good night"]


@once
def test_a_string_of_the_pipeline_and_a_folder_between_jobs(run, text):
    bundle, output = run("hello/abc.yml", INPUT_TOP_LEVEL_NAME="everybody, $HOME too")
    assert said(output, "a") == ["good morning everybody, $HOME too"]
    assert said(output, "c")[1:] == ["written by b"]
    assert said(output, "c")[0].endswith("/b.txt")
    assert text(bundle, "b/made", "b.txt") == "written by b\n"


@once
def test_a_folder_between_jobs(run):
    _, output = run("hello/io.yml")
    assert said(output, "write") == ["writing"]
    assert said(output, "read") == ["a line"]


@once
def test_settings_of_the_pipeline_and_a_command_in_the_background(run):
    _, output = run("hello/settings.yml")
    assert sorted(said(output, "one")) == ["in front", "in the background"]
    assert said(output, "two") == ["last & least"]


@once
def test_what_a_job_leaves_in_outputs_is_its_output_artifacts(run, text):
    bundle, output = run("hello/default_artifacts.yml")
    assert said(output, "find") == ["left behind"]
    assert text(bundle, "leave/artifacts", "outputs/left.txt") == "left behind\n"


@once
def test_an_output_that_is_one_file_at_a_place_of_its_own(run, text):
    bundle, _ = run("hello/output_file.yml")
    copies = bundle.copy("write", "report", bundle.folder / "copies")
    (file,) = (path for path in copies.rglob("*") if path.is_file())
    assert file.read_text() == "one file\n"


@once
def test_an_output_that_is_a_folder_at_a_place_of_its_own(run, text):
    bundle, _ = run("hello/output_folder.yml")
    assert text(bundle, "write/reports", "report.txt") == "in a folder\n"


@once
def test_train_score_evaluate_with_components_beside_the_pipeline(run, text):
    bundle, output = run("local_components/pipeline.yml", INPUT_EPOCHS="30")
    assert steps_run(output) == ["train_job", "score_job", "evaluate_job"]
    model = json.loads(text(bundle, "train_job/model_output", "model.json"))
    assert (model["epochs"], model["rate"], model["schedule"]) == (30, 0.8, "time-based")
    # After step k, 3 times the product of 1 - 0.8 * 1.875 / k is left of the slope; times the mean of x, 1.25.
    assert text(bundle, "evaluate_job/eval_output", "report.txt") == "4 rows, mean error 0.007\n"


@once
def test_components_by_name(run, text):
    bundle, _ = run("registered_components/pipeline.yml")
    model = json.loads(text(bundle, "train_job/model_output", "model.json"))
    # Three steps from 0 towards 3 with rate 0.1 and the mean of x squared 1.875: 3 * (1 - 0.8125 ** 3).
    assert model["slope"] == pytest.approx(1.3909, abs=1e-4)
    assert text(bundle, "evaluate_job/eval_output", "report.txt") == "4 rows, mean error 2.011\n"


@once
def test_a_component_without_ports(run):
    _, output = run("basic_component/pipeline.yml")
    assert said(output, "greet_job") == ["good morning from python 3 in a folder with ['greet.py', 'logs', 'outputs']"]


@once
def test_a_component_with_ports_and_a_default(run, text):
    bundle, output = run("input_and_output/pipeline.yml")
    assert said(output, "copy_job") == ["told: the_default"]
    copies = text(bundle, "copy_job/copied_data", "copies.txt")
    assert copies == "the_default\nfirst.csv: 1,2\nsecond.csv: 3,4\n"


@once
def test_three_components_without_edges(run):
    _, output = run("three_jobs/pipeline.yml")
    for letter in "abc":
        assert said(output, f"part_{letter}") == [f"this is part {letter.upper()}"]


@once
def test_a_chain_of_components(run, text):
    bundle, output = run("chain/pipeline.yml")
    assert steps_run(output) == ["part_a", "part_b", "part_c"]
    sample = text(bundle, "part_c/part_c_output", "sample.txt")
    assert sample == "from the start\nthrough A\nthrough B\nthrough C\n"


@once
def test_a_folder_beside_the_pipeline_and_a_word_of_it(run, text):
    bundle, _ = run("local_data/pipeline.yml")
    copies = text(bundle, "copy_job/copied_data", "copies.txt")
    assert copies == "From_The_Pipeline\nfirst.csv: 1,2\nsecond.csv: 3,4\n"


@once
def test_five_jobs_from_raw_data_to_a_report(run, text):
    bundle, output = run("taxi/pipeline.yml")
    assert steps_run(output) == ["prep_job", "transform_job", "train_job", "predict_job", "score_job"]
    assert said(output, "transform_job") == ["kept 8 of 9 trips"]
    assert (bundle.copy("train_job", "model_output", bundle.folder / "model") / "MLmodel").is_file()
    report = json.loads(text(bundle, "score_job/score_report", "report.json"))
    assert report == {"trips": 2, "worst": 0.0, "rate": 1.5, "base": 2.5}


def test_the_same_five_jobs_in_two_pipeline_components(run, text):
    bundle, output = run("taxi_nested/pipeline.yml")
    names = [
        "data_pipeline.prep_job",
        "data_pipeline.transform_job",
        "train_pipeline.train_job",
        "train_pipeline.predict_job",
        "train_pipeline.score_job",
    ]
    assert steps_run(output) == names
    report = json.loads(text(bundle, f"{names[-1]}/score_report", "report.json"))
    assert report == {"trips": 2, "worst": 0.0, "rate": 1.5, "base": 2.5}


@once
def test_one_pipeline_component_used_twice(run, text):
    bundle, output = run("compare/pipeline.yml")
    assert len(steps_run(output)) == 7
    assert steps_run(output)[-1] == "pick"
    assert said(output, "pick") == ["the first is better"]
    assert json.loads(text(bundle, "pick/best_model", "model.json"))["rate"] == 0.1
    # The error after twenty steps, 3 * 0.8125 ** 20, times the mean of x, 1.25.
    assert text(bundle, "pick/best_report", "report.txt") == "4 rows, mean error 0.059\n"


def test_python_functions_in_a_notebook_whose_returns_become_parameters(run, text):
    bundle, _ = run("python_functions/python_functions.ipynb")
    table = text(bundle, "evaluated/eval_output", "eval_result").splitlines()
    assert table[0].split() == ["|", "data", "|", "model", "|"]
    assert table[-1] == "| points.csv | 2 rows, 5 epochs, rate 0.10 |"


@once
def test_pipelines_that_only_wait_for_each_other(run):
    _, output = run("step_sequence/step_sequence.ipynb")
    order = steps_run(output)
    assert len(order) == 8
    assert said(output, "s1.said") == ["something"]


@once
def test_components_that_a_notebook_writes_and_registers(run, text):
    bundle, _ = run("registered_in_the_notebook/registered.ipynb")
    assert text(bundle, "evaluated/eval_output", "eval_result.txt") == "4 rows\n"
    assert json.loads(text(bundle, "trained/model_output", "model.json"))["slope"] == pytest.approx(3, abs=0.01)


@once
def test_a_step_in_r(run, text, engine):
    standins.provide(engine, standins.R)
    bundle, output = run("r_iris/pipeline.yml")
    assert text(bundle, "fit/model", "model.txt") == "petal = 0.50 + 2.00 * sepal (4 flowers)\n"
    assert any("sepal petal" in line for line in said(output, "fit"))
