"""``mlc run``: the same pipelines through the Docker API, and as plain processes where no engine is."""

import json
import shutil
from pathlib import Path

import pytest
from tests.engine.test_failures import chain
from tests.support.bundles import mlc, write_files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path):
    """Three steps, one after another."""
    return write_files(tmp_path / "project", {"walk.yml": chain("first", "second<first", "third<second")})


def states(done):
    """How each step ended, from ``mlc run --json``."""
    return {step["task"]: step["state"] for step in json.loads(done.stdout)["steps"]}


@pytest.mark.engine
def test_docker_runs_skips_and_reports_a_failing_step(project, engine, tmp_path):
    try:
        done = mlc("run", "walk.yml", "--engine", "docker", "--json", cwd=project, engine=engine)
        assert done.returncode == 0, done.stdout + done.stderr
        assert set(states(done).values()) == {"succeeded"}

        again = mlc("run", "out/walk", "--json", cwd=project, engine=engine)
        assert again.returncode == 0, again.stdout + again.stderr
        assert set(states(again).values()) == {"reused"}

        failed = mlc("run", "out/walk", "--input", "failing=second", "--json", cwd=project, engine=engine)
        assert failed.returncode == 4, failed.stdout + failed.stderr
        assert states(failed)["second"] == "failed"
        assert states(failed)["third"] != "succeeded"

        assert mlc("run", "out/walk", cwd=project, engine=engine).returncode == 0
        copied = mlc("outputs", "out/walk", "--to", str(tmp_path / "results"), cwd=project, engine=engine)
        assert copied.returncode == 0, copied.stdout + copied.stderr
        (text,) = (tmp_path / "results").rglob("third.txt")
        assert text.read_text() == "third\n"
    finally:
        down = ["compose", "--project-directory", str(project / "out" / "walk"), "down", "--volumes"]
        engine.docker(*down, check=False)


@pytest.mark.engine
def test_what_compose_ran_mlc_run_does_not_run_again(project, compiled, engine):
    bundle = compiled(project / "walk.yml")
    assert bundle.up().returncode == 0
    done = mlc("run", str(bundle.folder), "--json", cwd=project, engine=engine)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(states(done).values()) == {"reused"}


def test_without_an_engine_the_example_runs_as_processes(tmp_path):
    example = tmp_path / "fashion_mnist"
    shutil.copytree(ROOT / "components" / "fashion_mnist", example, ignore=shutil.ignore_patterns("__pycache__"))
    done = mlc("run", "pipeline.py", "--input", "epochs=2", cwd=example)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_accuracy" in done.stdout
    outputs = mlc("outputs", "out/fashion_mnist", "--to", "results", cwd=example)
    assert outputs.returncode == 0, outputs.stdout + outputs.stderr
    (result,) = (example / "results").rglob("predict_result.csv")
    assert len(result.read_text().splitlines()) == 1001
    (figure,) = (example / "out").rglob("loss_and_accuracy.png")
    assert figure.read_bytes().startswith(b"\x89PNG")

    again = mlc("run", "pipeline.py", "--input", "epochs=2", "--json", cwd=example)
    assert again.returncode == 0, again.stdout + again.stderr
    assert set(states(again).values()) == {"reused"}
