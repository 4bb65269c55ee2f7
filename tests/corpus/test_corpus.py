"""The corpus command on a checkout of a few files: what is found, judged, printed and answered."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.corpus import bundles, expected, table
from tests.corpus.compiling import Outcome, Setting, Verdict, compile_source
from tests.corpus.sources import sources
from tests.support.bundles import write_files

STEP = "jobs:\n  a:\n    command: 'true'\n    environment: {image: python:3.12}\n"
REFUSED = "type: pipeline\njobs:\n  a:\n    type: spark\n"
SEVERAL = """
from mlc import Environment, command, pipeline

step = command(command="true", environment=Environment(image="python:3.12"))
@pipeline()
def one():
    step()

first, second = one(), one()
"""


def outcome(name: str, verdict: Verdict, *codes: str) -> Outcome:
    return Outcome(source=Path(name), verdict=verdict, codes=codes, said=f"about {name}")


def test_pipelines_of_every_kind_are_found(tmp_path):
    cell = {"cell_type": "code", "source": ["@dsl.pipeline(\n", ")\n", "def a(): ..."]}
    prose = {"cell_type": "markdown", "source": ["@pipeline"]}
    write_files(
        tmp_path,
        {
            "a/job.yml": f"type: pipeline\n{STEP}",
            "a/schema.yaml": f"$schema: https://x/latest/pipelineJob.schema.json\n{STEP}",
            "a/command.yml": "type: command\n",
            "a/deployment.yml": "$schema: https://x/pipelineComponentBatchDeployment.schema.json\ntype: pipeline\n",
            "b/script.py": "    @pipeline\n",
            "b/other.py": "pipeline = 1\n",
            "c/cells.ipynb": json.dumps({"cells": [cell]}),
            "c/prose.ipynb": json.dumps({"cells": [prose]}),
            "c/broken.ipynb": '@pipeline\n"',
        },
    )
    found = [path.as_posix() for path in sources(tmp_path)]
    assert found == ["a/job.yml", "a/schema.yaml", "b/script.py", "c/broken.ipynb", "c/cells.ipynb"]


def test_what_must_compile_is_held_against_what_did():
    wanted = expected.read("# why\ncompiled a.yml\nplanned b.yml --map x=y#z\ncompiled c.yml\n\ngiven d/e\n")
    outcomes = [outcome("a.yml", Verdict.PLANNED), outcome("b.yml", Verdict.COMPILED)]
    assert wanted.given == ("d/e",)
    assert wanted.told == {"b.yml": ("--map", "x=y#z")}
    assert expected.broken(outcomes, wanted.verdicts) == [
        "a.yml: planned, must be compiled",
        "c.yml: is not in the checkout",
    ]


def test_the_table_shows_what_is_no_answer():
    outcomes = [outcome("a.yml", Verdict.REFUSED, "E503"), outcome("b.py", Verdict.CRASHED)]
    assert table.rows(outcomes).splitlines()[2:] == [
        "| a.yml | refused | E503 |",
        "| b.py | crashed |  |",
        "    about b.py",
    ]
    totals = table.totals(outcomes)
    assert "| refused | 1 | 0 | 0 | 1 |" in totals
    assert "| E503 Spark job | 1 |" in totals


def test_a_refusal_is_judged_by_its_errors(tmp_path):
    write_files(tmp_path, {"checkout/a.yml": REFUSED})
    (found,) = compile_source(Path("a.yml"), Setting(checkout=tmp_path / "checkout", out=tmp_path))
    assert (found.verdict, found.codes) == (Verdict.REFUSED, ("E503",))
    assert found.said.startswith("a.yml:3:3: error[E503]")


def test_a_script_that_hangs_is_ended(tmp_path):
    write_files(tmp_path, {"a.py": "while True: pass\n"})
    (found,) = compile_source(Path("a.py"), Setting(checkout=tmp_path, out=tmp_path / "out", seconds=1))
    assert found.verdict is Verdict.TIMED_OUT


def test_a_dockerfile_that_does_not_parse_is_found(tmp_path):
    write_files(tmp_path, {"environments/a/Dockerfile": "FROM a\nRUN <<EOF\n"})
    found = bundles.dockerfile_problems(tmp_path / "environments/a/Dockerfile")
    assert any("unterminated heredoc" in problem for problem in found)


@pytest.mark.engine
def test_the_command(tmp_path):
    files = {"a.yml": f"type: pipeline\n{STEP}", "b.yml": REFUSED, "c.py": SEVERAL}
    checkout = write_files(tmp_path / "checkout", files)
    command = [sys.executable, "-m", "tests.corpus", str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.splitlines()[2:6] == [
        "| a.yml | compiled |  |",
        "| b.yml | refused | E503 |",
        "| c.py#one | compiled |  |",
        "| c.py#one-2 | compiled |  |",
    ]
    assert "not all do" in done.stdout
    assert done.returncode == 1, "what must compile is not in this checkout"
    assert sorted(path.name for path in checkout.iterdir()) == ["a.yml", "b.yml", "c.py"]
