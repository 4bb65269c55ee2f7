"""run, outputs and runs with steps as plain processes: streams, tables, JSON, exit statuses."""

import json
import re

import pytest
from click.testing import CliRunner, Result
from tests.unit.cli.pipelines import GOOD

from mlc.cli import outputs, run, runs
from mlc.diagnostics import MlcError

FAILING = GOOD.replace("echo", "exit 3; echo")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLC_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "failing.yml").write_text(FAILING)
    return tmp_path


def mlc(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def run_here(*arguments: str) -> Result:
    return mlc(run.command, *arguments, "--engine", "process")


def test_a_run_shows_steps_and_outputs(here):
    done = run_here("good.yml")
    assert done.exit_code == 0, done.stderr
    place = here / "out" / "good" / ".mlc" / "process" / "say" / "outputs" / "text" / "text"
    assert re.fullmatch(
        rf"\nsay  succeeded  [\d.]+ s\n\noutputs:\n  text  uri_file  {re.escape(str(place))}\n"
        r"copy them with: mlc outputs out/good --to results\n",
        done.stdout,
    )
    assert place.read_text() == "hello\n"
    assert "step  say: succeeded in " in done.stderr
    assert mlc(outputs.command, "out/good").stdout == f"text  uri_file  {place}\n"


def test_a_run_whose_outputs_are_all_used_names_none(here):
    text = "type: pipeline\njobs:\n  say: {command: echo hello, environment: {image: busybox}}\n"
    (here / "silent.yml").write_text(text)
    done = run_here("silent.yml")
    assert (done.exit_code, "outputs" in done.stdout) == (0, False), done.stderr


def test_a_bundle_takes_no_mapping(here):
    run_here("good.yml")
    done = run_here("out/good", "--map", "azureml:x=.")
    assert (done.exit_code, "give --map to mlc build" in done.stderr) == (2, True)


def test_a_second_run_of_the_bundle_reuses_and_an_input_changes_it(here):
    run_here("good.yml")
    assert "\nsay  reused\n" in run_here("out/good").stdout
    assert "\nsay  succeeded" in run_here("out/good/plan.json", "--input", "word=bye").stdout
    done = mlc(outputs.command, "out/good", "--to", "results")
    assert (done.exit_code, done.stdout) == (0, "text: results/text\n")
    assert (here / "results" / "text" / "text").read_text() == "bye\n"


def test_earlier_copies_are_replaced_only_when_asked(here):
    run_here("good.yml")
    mlc(outputs.command, "out/good", "--to", "results")
    run_here("good.yml", "--input", "word=bye")
    refused = mlc(outputs.command, "out/good", "--to", "results")
    assert isinstance(refused.exception, MlcError)
    assert (here / "results" / "text" / "text").read_text() == "hello\n"
    replaced = mlc(outputs.command, "out/good", "--to", "results", "--replace")
    assert (replaced.exit_code, replaced.stdout) == (0, "text: results/text\n")
    assert (here / "results" / "text" / "text").read_text() == "bye\n"
    assert [path.name for path in (here / "results").iterdir()] == ["text"]


def test_a_failing_step_has_its_own_exit_status(here):
    done = run_here("failing.yml")
    assert done.exit_code == 4
    assert re.fullmatch(
        r"\nsay  failed  [\d.]+ s  exit (code|status) 3\n\nlogs: out/failing/\.mlc/runs/\S+\n", done.stdout
    )
    listed = mlc(runs.command, "out/failing")
    assert re.match(r"\S+  failed in [\d.]+ s on process\n  say  failed", listed.stdout)


def test_json_says_the_same(here):
    done = run_here("good.yml", "--json")
    record = json.loads(done.stdout)
    assert (record["succeeded"], record["steps"][0]["state"], record["inputs"]) == (
        True,
        "succeeded",
        {"word": "hello"},
    )
    listed = json.loads(mlc(runs.command, "out/good", "--json").stdout)
    assert [one["id"] for one in listed["runs"]] == [record["id"]]
    assert listed["metrics"] == {}
    (output,) = json.loads(mlc(outputs.command, "out/good", "--json").stdout)
    assert (output["name"], output["task"], output["of_pipeline"], output["copy"]) == ("text", "say", True, None)


def test_a_wrong_input_is_a_usage_error():
    done = run_here("good.yml", "--input", "wort=bye", "--input", "word")
    assert done.exit_code == 2
    assert "error[E653]: There is no input 'wort'." in done.stderr.replace("there", "There")
    assert done.stderr.count("error[E653]") == 2


def test_no_runs_yet(here):
    from mlc.cli import build

    mlc(build.command, "good.yml", "--no-images")
    assert mlc(runs.command, "out/good").stdout.startswith("No runs of `mlc run` yet.")
    assert json.loads(mlc(runs.command, "out/good", "--json").stdout) == {"runs": [], "metrics": {}}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 1}', '"x"', "[" * 100_000])
@pytest.mark.parametrize("command", [run.command, outputs.command, runs.command])
def test_a_damaged_plan_is_a_diagnostic(here, text, command):
    (here / "b" / ".mlc" / "runs" / "x").mkdir(parents=True)
    (here / "b" / ".mlc" / "runs" / "x" / "run.json").write_text(
        '{"format": 1, "id": "x", "pipeline": "p", "engine": "process", "started": "", "inputs": {}, "steps": []}'
    )
    (here / "b" / "plan.json").write_text(text)
    done = mlc(command, "b")
    assert isinstance(done.exception, MlcError), done.exception
    assert done.exception.diagnostic.code == "E603"
