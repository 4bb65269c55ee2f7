"""What a step finds around it: its working folder, environment, inputs and outputs; and what its launcher refuses."""

import dataclasses
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.unit.runtime.stage import LAUNCHER, Stage


def printed(stage: Stage, command: str, **variables: str) -> list[str]:
    ran = stage.run(command, **variables)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.printed


def test_the_working_folder_is_a_writable_copy_of_the_code(stage: Stage) -> None:
    code = stage.root / "components/code"
    (code / "a b").mkdir()
    (code / "a b/.hidden").write_text("x")
    (code / "run.sh").write_text("#!/bin/sh\necho ran\n")
    (code / "run.sh").chmod(0o555)
    (code / "a b").chmod(0o555)
    found = printed(stage, 'ls -A; ls -A "a b"; ./run.sh; touch "a b/new" new; pwd')
    assert found[:-1] == ["a b", "logs", "outputs", "run.sh", ".hidden", "ran"]
    assert found[-1].startswith(f"{stage.root}/work/mlc.")
    assert sorted(path.name for path in code.iterdir()) == ["a b", "run.sh"]
    assert list((stage.root / "work").iterdir()) == []


def test_a_component_without_code_has_a_folder_with_places_to_write_only(stage: Stage) -> None:
    shutil.rmtree(stage.root / "components/code")
    assert printed(stage, "ls -A; echo 1 >outputs/world.txt; ls -A outputs logs") == [
        *("logs", "outputs"),
        *("logs:", "", "outputs:", "world.txt"),
    ]


def test_a_file_of_the_code_that_is_called_outputs_stays(stage: Stage) -> None:
    (stage.root / "components/code/outputs").write_text("x")
    assert printed(stage, "cat outputs; ls -A") == ["xlogs", "outputs"]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("echo a$[[ --x ${{words inputs.given}}]] b", "a --x 1 b"),
        ("echo a$[[ --x ${{words inputs.absent}}]] b", "a b"),
        ("echo a$[[ ${{words inputs.given}} ${{words inputs.absent}}]] b", "a b"),
        ("echo a$[[ ${{words inputs.given}}$[[ ${{words inputs.absent}}]] c]] b", "a 1 c b"),
        ("echo a$[[ x$[[ ${{words inputs.given}}]] ${{words inputs.absent}}]] b", "a b"),
        ("echo a$[[ ${{words inputs.absent}}]]$[[ ${{words inputs.given}}]] b", "a 1 b"),
        ("echo a $[[${{words inputs.required}}]] b", "a b"),
        ("echo a ${{words inputs.absent}} b", "a b"),
        ("echo a]] [[ b", "a]] [[ b"),
        ("echo '${{dollar}}{{inputs.given}}' '${{dollar}}[[ x ]]'", "${{inputs.given}} $[[ x ]]"),
        ("echo $[['x ]${{bracket}} y' [ a ]${{bracket}}]]", "x ]] y [ a ]]"),
        ("echo '$$[[x]]' '$$[[${{words inputs.absent}}]]'", "$x $"),
        ("echo '{{words inputs.given}}' '$[x' '${given}'", "{{words inputs.given}} $[x ${given}"),
        ("x=1; echo $x ${x} $((x + 1)) $(echo $x)$", "1 1 2 1$"),
    ],
)
def test_optional_parts_and_text_that_looks_like_them(stage: Stage, command: str, shown: str) -> None:
    lines = "given value?\nabsent value?\nrequired value"
    assert printed(stage, command, MLC_INPUTS=lines, MLC_INPUT_given="1") == [shown]


def test_the_documented_variables(stage: Stage) -> None:
    (stage.root / "inputs/Data").mkdir(parents=True)
    variables = {
        "MLC_INPUTS": "Data data\nlr value\nnone none\ng.n value\nx-y value",
        "MLC_INPUT_lr": "0.1",
        "MLC_INPUT_g__n": "7",
        "MLC_INPUT_x_y": "8",
        "MLC_OUTPUTS": "out folder",
        "MLFLOW_EXPERIMENT_NAME": "exp",
        "WORLD_SIZE": "4",
        "name": "mine",
        "value": "mine too",
    }
    found = dict(line.split("=", 1) for line in printed(stage, "env", **variables))
    root = stage.root
    expected = {
        "AZURE_ML_INPUT_Data": f"{root}/inputs/Data",
        "AZURE_ML_INPUT_lr": "0.1",
        "AZUREML_PARAMETER_lr": "0.1",
        "AZUREML_PARAMETER_g__n": "7",
        "AZUREML_PARAMETER_x_y": "8",
        "AZURE_ML_OUTPUT_out": f"{root}/outputs/out",
        "AZUREML_CR_NODE_RANK": "0",
        "NODE_RANK": "0",
        "RANK": "0",
        "LOCAL_RANK": "0",
        "WORLD_SIZE": "4",
        "MASTER_ADDR": "127.0.0.1",
        "MLFLOW_TRACKING_URI": f"file://{root}/mlflow",
        "MLFLOW_EXPERIMENT_NAME": "exp",
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_RUN_NAME": "train",
        "MLFLOW_RUN_CONTEXT": '{"mlflow.runName":"train","mlc.step":"train"}',
        "GIT_PYTHON_REFRESH": "quiet",
        "HOME": f"{root}/home",
        "USER": "mlc",
        "MLC_STEP": "train",
        "name": "mine",
        "value": "mine too",
        "PATH": f"{LAUNCHER.parent}/bin:{stage.world.path}",
        "PYTHONPATH": f"{LAUNCHER.parent}/python",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert found["AZUREML_RUN_ID"].startswith("train-")
    assert 20000 <= int(found["MASTER_PORT"]) < 30000
    assert not {name for name in found if name.startswith(("MLC_INPUT", "MLC_COMMAND", "_"))} - {"_"}
    assert "AZUREML_PARAMETER_Data" not in found
    assert "LC_ALL" not in found


@pytest.mark.parametrize("locale", ["", "C.UTF-8", "xx"])
def test_the_locale_is_the_authors(stage: Stage, locale: str) -> None:
    ran = stage.run('echo "${LC_ALL-unset}"', LC_ALL=locale)
    assert ran.printed == [locale]


def test_a_home_that_cannot_be_written_to_is_replaced(stage: Stage) -> None:
    (home,) = printed(stage, 'touch "$HOME/x" && echo "$HOME"', HOME="/nonexistent")
    assert home.startswith(f"{stage.root}/work/mlc.")
    assert home.endswith("/home")


def test_the_stores_place_is_a_uri(all_worlds, tmp_path) -> None:
    stage = Stage(tmp_path / "a b#c?d%e'f", all_worlds["bash"])
    (uri,) = printed(stage, 'echo "$MLFLOW_TRACKING_URI"')
    assert uri == f"file://{tmp_path}/a%20b%23c%3Fd%25e%27f/mlflow"


def test_the_experiment_is_there_before_two_steps_could_create_it(stage: Stage) -> None:
    for _ in range(2):
        found = printed(
            stage, 'echo "${MLFLOW_EXPERIMENT_ID-}"', MLFLOW_EXPERIMENT_NAME="it's $HOME: #1", MLC_REUSE="0"
        )
    (file,) = (stage.root / "mlflow").glob("*/meta.yaml")
    meta = yaml.safe_load(file.read_text())
    assert meta["name"] == "it's $HOME: #1"
    assert [meta["experiment_id"]] == [file.parent.name] == found
    assert meta["artifact_location"] == f"file://{stage.root}/mlflow/{file.parent.name}"
    assert meta["lifecycle_stage"] == "active"


def test_a_store_elsewhere_is_left_alone(stage: Stage) -> None:
    (uri,) = printed(stage, 'echo "$MLFLOW_TRACKING_URI"', MLFLOW_TRACKING_URI="http://x", MLFLOW_EXPERIMENT_NAME="e")
    assert uri == "http://x"
    assert list((stage.root / "mlflow").iterdir()) == []


def test_a_root_with_any_name(stage: Stage) -> None:
    stage.root = stage.root / "a b'$(touch pwned);\"ü"
    stage.__post_init__()
    (stage.root / "inputs/d").mkdir(parents=True)
    variables = {"MLC_INPUTS": "d data", "MLC_OUTPUTS": "o folder"}
    command = (
        "echo ${{words inputs.d}}; echo \"${{double inputs.d}}\" '${{single outputs.o}}'; touch ${{words outputs.o}}/x"
    )
    expected = [f"{stage.root}/inputs/d", f"{stage.root}/inputs/d {stage.root}/outputs/o"]
    assert printed(stage, command, **variables) == expected
    assert stage.run(command, **variables).said[0].startswith("skipped")


def test_values_made_of_parts(stage: Stage) -> None:
    for name, text in (("score-out/out", "0.9"), ("score-raw/raw", "two\nlines\n\n"), ("score-none/none", "")):
        (stage.root / "values" / name).parent.mkdir(parents=True)
        (stage.root / "values" / name).write_text(text)
    variables = {
        "MLC_INPUTS": "a value 1 score-out/out 2\nb value score-raw/raw\nc value? score-none/none",
        "MLC_PART_a_1": "best-",
        "MLC_PART_a_2": "!",
    }
    command = "echo '${{single inputs.a}}|${{single inputs.b}}|'$[[${{words inputs.c}}]]"
    assert printed(stage, command, **variables) == ["best-0.9!|two", "lines", "", "|"]


def test_what_a_command_writes_loses_the_end_of_its_last_line(stage: Stage) -> None:
    for name, text in (("n", "5\n"), ("lines", "a\nb\r\n\n"), ("none", "\n")):
        (stage.root / "values" / f"make-{name}").mkdir(parents=True)
        (stage.root / "values" / f"make-{name}" / name).write_bytes(text.encode())
    variables = {"MLC_INPUTS": "a value ~make-n/n 1\nb value ~make-lines/lines\nc value? ~make-none/none"}
    command = "echo '${{single inputs.a}}|${{single inputs.b}}|'$[[${{words inputs.c}}]]"
    assert printed(stage, command, MLC_PART_a_1="0", **variables) == ["50|a", "b|"]


def test_a_default_stands_for_an_empty_text(stage: Stage) -> None:
    lines = {"MLC_INPUTS": "a value\nb value?\nc value?", "MLC_DEFAULT_a": "1", "MLC_DEFAULT_b": "2"}
    command = "echo ${{words inputs.a}} $[[${{words inputs.b}}]] $[[${{words inputs.c}}]] ${MLC_DEFAULT_a-gone}"
    assert printed(stage, command, **lines) == ["1 2 gone"]
    assert printed(stage, command, MLC_INPUT_a="x", MLC_INPUT_b="y", **lines) == ["x y gone"]


def test_a_failure_in_a_pipeline_that_goes_on(stage: Stage) -> None:
    note, check = stage.root / "state/train/failed", [*stage.world.shell, str(LAUNCHER.parent / "check.sh")]
    environment = {"PATH": stage.world.path, "MLC_ROOT": str(stage.root), "MLC_STEPS": "train score"}

    def checked() -> tuple[int, str]:
        done = subprocess.run(check, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    ran = stage.run("exit 3", MLC_GO_ON="1")
    assert (ran.status, note.read_text()) == (0, "3\n")
    assert ran.err.splitlines()[-1] == "mlc: train: the pipeline goes on with the steps that do not need it"
    later = dataclasses.replace(stage, step="score")
    ran = later.run("echo never", MLC_GO_ON="1", MLC_AFTER="prep train")
    assert (ran.status, ran.said) == (0, ["is not run: train failed"])
    said = "mlc: train failed with exit status 3\nmlc: score was not run: it needs a step that failed\n"
    assert checked() == (1, said)

    assert stage.run("exit 0", MLC_GO_ON="1").status == 0
    assert not note.exists()
    assert later.run("echo now", MLC_GO_ON="1", MLC_AFTER="prep train").printed == ["now"]
    assert checked() == (0, "")
    assert stage.run("exit 4").status == 4
    assert not note.exists()


def test_optional_data(stage: Stage) -> None:
    (stage.root / "inputs/d").mkdir(parents=True)
    variables = {"MLC_INPUTS": "d data?"}
    command = "echo a $[[${{words inputs.d}}]]"
    assert printed(stage, command, MLC_GIVEN_d="", **variables) == ["a"]
    assert printed(stage, command, MLC_GIVEN_d="./x", **variables) == [f"a {stage.root}/inputs/d"]


def test_outputs_are_ready_and_empty(stage: Stage) -> None:
    out, file = stage.root / "outputs/out", stage.root / "outputs/file"
    for path in (out / "old/deep", file):
        path.mkdir(parents=True)
        (path / ".left over").touch()
    (out / "old/deep").chmod(0o555)
    variables = {"MLC_OUTPUTS": "out folder\nfile file", "MLC_OUTPUT_file": "a/b.txt"}
    command = 'ls -A "$AZURE_ML_OUTPUT_out"; echo x >${{words outputs.file}}; echo y >${{words outputs.out}}/y'
    assert printed(stage, command, **variables) == []
    assert (file / "a/b.txt").read_text() == "x\n"
    assert stat.S_IMODE((out / "y").stat().st_mode) == 0o644
    assert sorted(path.name for path in out.iterdir()) == ["y"]
    assert sorted(path.name for path in file.iterdir()) == ["a"]


def test_a_missing_file_is_a_warning_a_missing_value_an_error(stage: Stage) -> None:
    ran = stage.run("true", MLC_OUTPUTS="f file", MLC_OUTPUT_f="f.txt")
    assert ran.status == 0
    assert "warning: the output f is missing" in ran.err
    ran = stage.run("true; true", MLC_OUTPUTS="v value", MLC_OUTPUT_v="v")
    assert ran.status == 125
    assert "the output v has no value" in ran.err
    assert not (stage.root / "state/train/done").exists()


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("echo 1 >outputs/world.txt; echo 2 >logs/l", ["logs/l", "outputs/world.txt"]),
        ("mkdir -p outputs; echo 1 >outputs/world.txt; echo 2 >${{words outputs.artifacts}}/own", ["own"]),
        ("true", []),
    ],
)
def test_artifacts(stage: Stage, command: str, found: list[str]) -> None:
    printed(stage, command, MLC_OUTPUTS="artifacts folder")
    folder = stage.root / "outputs/artifacts"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.relative_to(folder).as_posix() for path in files) == found


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"MLC_INPUTS": "d data prep"}, "the input d is not there"),
        ({"MLC_INPUTS": "d data prep", "MLC_INPUT_d": "a.csv"}, "the step prep did not write it"),
        ({"MLC_INPUTS": "d data", "MLC_INPUT_d": "a.csv"}, "see the paths in .env"),
        ({"MLC_INPUTS": "v value train-x/x"}, "the value of the input v is not there"),
        ({"MLC_INPUTS": "a/b value"}, "'a/b' is not a name"),
        ({"MLC_INPUTS": "a strange"}, "unknown kind 'strange'"),
        ({"MLC_COMMAND": "echo ${{words inputs.nope}}"}, "neither an input nor an output"),
        ({"MLC_COMMAND": "echo ${{odd inputs.a}}", "MLC_INPUTS": "a value"}, "unknown quoting 'odd'"),
    ],
)
def test_refusals_have_words_and_the_status_125(stage: Stage, variables: dict[str, str], words: str) -> None:
    ran = stage.run("echo never", **variables)
    assert ran.status == 125
    assert words in ran.err
    assert ran.err.startswith("mlc: train: error: ")
    assert len(ran.err.splitlines()) == 1
    assert ran.printed == []


def test_a_volume_of_another_user(open_stage: Stage) -> None:
    stage = open_stage
    if os.geteuid() != 0:
        pytest.skip("only root can run a step as somebody else")
    (stage.root / "outputs/o").mkdir(parents=True)
    (stage.root / "work").chmod(0o777)

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*stage.world.shell, str(LAUNCHER)],
            env=stage.environment("echo x >${{words outputs.o}}/x; id -u", MLC_OUTPUTS="o folder", HOME="/"),
            user=12345, group=12345, extra_groups=[], capture_output=True, text=True, check=False,
        )  # fmt: skip

    first = run()
    assert first.returncode == 125
    assert "the user 12345 cannot write to" in first.stderr
    (stage.root / "state").chmod(0o777)
    second = run()
    assert second.returncode == 125
    assert "cannot write to the output o" in second.stderr
    (stage.root / "outputs/o").chmod(0o777)
    third = run()
    assert (third.returncode, third.stderr) == (0, ""), third
    assert "12345" in third.stdout


def test_ten_thousand_files(stage: Stage) -> None:
    folder = stage.root / "inputs/d"
    for each in range(20):
        (folder / f"folder {each}").mkdir(parents=True)
        for file in range(500 if stage.world.name != "core utilities" else 10):
            (folder / f"folder {each}/file {file}.txt").write_text(f"{each} {file}")
    assert stage.run("true", MLC_INPUTS="d data").said[0] == "runs: its first run"
    assert stage.run("true", MLC_INPUTS="d data").said[0].startswith("skipped")


def test_shellcheck_finds_nothing() -> None:
    checker = shutil.which("shellcheck") or shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    if checker is None:
        pytest.skip("shellcheck is not installed")
    scripts = [LAUNCHER, LAUNCHER.parent / "bin/mldesigner"]
    ran = subprocess.run([checker, "-x", *map(str, scripts)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_a_path_below_data_that_is_known_at_start(stage: Stage) -> None:
    for path in ("inputs/d/sub/a.csv", "inputs/d/sub/b.csv", "values/pick-n/n"):
        (stage.root / path).parent.mkdir(parents=True, exist_ok=True)
        (stage.root / path).write_text("b\n" if path.startswith("values") else "same")
    command = 'echo "${{words inputs.d}}" ${{words inputs.e}}'
    (stage.root / "inputs/e").symlink_to("d/sub")
    variables = {"MLC_INPUTS": "d data / 1\ne data / ~pick-n/n 1", "MLC_PART_e_1": ".csv", "MLC_PART_d_1": "sub/a.csv"}
    first = stage.run(command, **variables)
    assert f"{stage.root}/inputs/e/b.csv" in first.out, first
    assert stage.run(command, **variables).said == ["skipped: nothing changed since its last run"]
    again = stage.run(command, **variables | {"MLC_PART_d_1": "sub/b.csv"})
    assert again.said[0] == "runs: the path of d changed from 'sub/a.csv' to 'sub/b.csv'"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "..", "../x", "a/../b", "a/..", "a\nb", "a\n"])
def test_a_path_below_data_that_climbs_out(stage: Stage, path: str) -> None:
    (stage.root / "inputs/d").mkdir(parents=True)
    found = stage.run("echo ran", MLC_INPUTS="d data / 1", MLC_PART_d_1=path)
    assert found.status == 125
    assert "the input d cannot be '" in found.err
    assert "ran" not in found.out
