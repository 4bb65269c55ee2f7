"""check, plan, graph and build on small pipelines: what goes to which stream, what is written, how it ends."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.cli.pipelines import GOOD

from mlc.cli import build, check, graph, plan
from mlc.diagnostics import MlcError

BAD = GOOD.replace("parent.inputs.word", "parent.inputs.wort").replace("type: command", "type: comand")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "bad.yml").write_text(BAD)
    return tmp_path


def run(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_check_of_a_good_pipeline_writes_nothing(here):
    done = run(check.command, "good.yml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "no mistakes in good.yml\n", "")
    assert files(here) == {"good.yml", "bad.yml"}


def test_check_shows_all_mistakes_and_counts_them():
    done = run(check.command, "bad.yml")
    assert done.exit_code == 1
    assert re.findall(r"^(bad\.yml:\d+:\d+): error\[(E\d+)\]", done.stderr, re.MULTILINE)
    assert re.fullmatch(r"[12] errors? in bad\.yml\n", done.stdout)


def test_check_as_json_keeps_stderr_clean():
    done = run(check.command, "bad.yml", "--json")
    assert (done.exit_code, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert (report["source"], report["ok"]) == ("bad.yml", False)
    first = report["diagnostics"][0]
    assert set(first) == {"code", "severity", "file", "line", "column", "what", "why", "fix", "notes"}
    assert (first["severity"], first["line"] > 0) == ("error", True)
    good = json.loads(run(check.command, "good.yml", "--json").stdout)
    assert good == {"source": "good.yml", "ok": True, "diagnostics": []}


def test_a_warning_of_the_configuration_is_counted(here):
    (here / "mlc.toml").write_text("instaler = 1\n")
    done = run(check.command, "good.yml")
    assert (done.exit_code, done.stdout) == (0, "1 warning in good.yml\n")
    assert done.stderr.startswith("mlc.toml:1:1: warning[W601]: instaler")


def test_an_error_of_the_configuration_fails_the_build(here):
    (here / "mlc.toml").write_text("installer = 1\n")
    done = run(build.command, "good.yml", "--no-images")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith("1 error in good.yml\n")
    assert not (here / "out").exists()


def test_a_missing_source_is_a_diagnostic():
    done = run(check.command, "god.yml")
    assert (done.exit_code, done.stdout) == (1, "1 error in god.yml\n")
    assert "god.yml: error[E101]:" in done.stderr
    assert "good.yml" in done.stderr


def test_plan_for_people_and_for_programs():
    done = run(plan.command, "good.yml")
    assert done.exit_code == 0
    assert "$ echo ${{inputs.word}} > ${{outputs.text}}" in done.stdout
    data = json.loads(run(plan.command, "good.yml", "--json").stdout)
    assert [task["name"] for task in data["tasks"]] == ["say"]


def test_plan_of_a_bad_pipeline_says_so_on_stderr():
    done = run(plan.command, "bad.yml", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.search(r"^[12] errors? in bad\.yml\n\Z", done.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ((), "<svg"),
        (("--format", "mermaid"), "flowchart"),
        (("--format", "dot"), "digraph"),
        (("-o", "-", "--format", "dot"), "digraph"),
    ],
)
def test_graph_goes_to_stdout(arguments, start):
    done = run(graph.command, "good.yml", *arguments)
    assert done.exit_code == 0
    assert done.stdout.lstrip().startswith((start, "<?xml"))


@pytest.mark.parametrize(("name", "start"), [("g.svg", "<svg"), ("g.mmd", "flowchart"), ("g.dot", "digraph")])
def test_the_name_of_the_file_chooses_the_form_of_the_graph(here, name, start):
    done = run(graph.command, "good.yml", "-o", name)
    assert (done.exit_code, done.stdout) == (0, "")
    assert (here / name).read_text().lstrip().startswith((start, "<?xml"))


def test_a_graph_that_cannot_be_written_is_a_diagnostic():
    done = run(graph.command, "good.yml", "-o", "no/such/folder.svg")
    assert isinstance(done.exception, MlcError)
    assert done.exception.diagnostic.code == "E604"


def test_build_writes_once_and_says_what_to_type_next(here):
    first = run(build.command, "good.yml", "--no-images")
    assert first.exit_code == 0
    written = files(here / "out" / "good")
    assert {"compose.yaml", ".env", "plan.json", "graph.svg", "README.md", "docker-bake.json"} <= written
    assert first.stdout == (
        f"out/good: files: {len(written) - 1} new\nnext: cd out/good && docker compose up    or: mlc run out/good\n"
    )
    second = run(build.command, "good.yml", "--no-images")
    assert second.stdout.startswith(f"out/good: all {len(written) - 1} files unchanged\n")
    (here / "good.yml").write_text(GOOD.replace("hello", "bye"))
    third = run(build.command, "good.yml", "--no-images")
    assert re.match(r"out/good: files: \d changed, \d+ unchanged\n", third.stdout)


def test_build_without_an_engine_says_so_and_succeeds():
    done = run(build.command, "good.yml")
    assert done.exit_code == 0
    assert done.stderr.startswith("No images were built: there is no unix:///nowhere/docker.sock (DOCKER_HOST). ")


def test_build_as_json(here):
    report = json.loads(run(build.command, "good.yml", "--no-images", "--out", "b", "--json").stdout)
    assert (report["pipeline"], report["bundle"]) == ("good", str(here / "b"))
    assert "compose.yaml" in report["files"]["added"]
    assert [image["state"] for image in report["images"]] == ["not built"]


def test_a_bundle_does_not_replace_the_folder_of_its_source(here):
    before = files(here)
    for out in (".", "..", str(here)):
        done = run(build.command, "good.yml", "--no-images", "--out", out)
        assert isinstance(done.exception, MlcError)
        assert done.exception.diagnostic.code == "E604"
    assert files(here) == before


def test_a_bundle_that_cannot_be_written_is_a_diagnostic(here):
    (here / "file").touch()
    done = run(build.command, "good.yml", "--no-images", "--out", "file/b")
    assert isinstance(done.exception, MlcError)
    assert done.exception.diagnostic.code == "E604"


def test_gpu_off_is_written_into_the_environment(here):
    text = GOOD.replace("type: command\n", "type: command\n    compute: azureml:gpu-cluster\n")
    (here / "good.yml").write_text(text)
    for choice, chosen in (("on", False), ("off", True)):
        run(build.command, "good.yml", "--no-images", "--gpu", choice)
        lines = (here / "out" / "good" / ".env").read_text().splitlines()
        assert any(line.startswith("COMPOSE_FILE=") for line in lines) is chosen


def test_a_bundle_in_place_of_a_source_gets_a_hint():
    run(build.command, "good.yml", "--no-images")
    done = run(check.command, "out/good")
    assert isinstance(done.exception, MlcError)
    assert "This is a bundle, not a source." in done.exception.diagnostic.text


def test_the_arguments_behind_two_hyphens_belong_to_the_script(here):
    (here / "p.py").write_text(
        "import argparse\n"
        "from mlc import command, pipeline\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--word')\n"
        "word = parser.parse_args().word\n"
        "sklearn = 'azureml:AzureML-sklearn-1.5@latest'\n"
        "say = command(name='say', command='echo ${{inputs.w}}', inputs={'w': word}, environment=sklearn)\n"
        "@pipeline()\n"
        "def p():\n"
        "    say()\n"
        "job = p()\n"
    )
    done = run(plan.command, "p.py", "--json", "--", "--word", "spoken")
    assert done.exit_code == 0, done.stderr
    assert "spoken" in done.stdout


def test_build_explains_without_an_engine_too():
    done = run(build.command, "good.yml", "--no-images", "--explain")
    assert done.exit_code == 0
    assert re.search(r"^BUILD \S+: never built here$", done.stderr, re.MULTILINE)
