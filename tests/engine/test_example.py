"""The Fashion-MNIST example on a real engine: real images are built, real data becomes a trained model."""

import csv
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.bundles import Bundle, mlc, steps_run, steps_skipped
from tests.support.engine import Engine

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
WHOLE = Path("/usr/share/datasets/fashion-mnist")
"""All 70,000 images, of Debian's package dataset-fashion-mnist."""

STEPS = ["prepare_data_node", "train_node", "score_node"]


@pytest.fixture(scope="module")
def example(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundle]:
    """The example's bundle, its images built, on the machine's CPUs: no test machine is asked for a GPU."""
    project = tmp_path_factory.mktemp("example") / "fashion_mnist"
    shutil.copytree(ROOT / "components" / "fashion_mnist", project, ignore=shutil.ignore_patterns("__pycache__"))
    cache = str(tmp_path_factory.mktemp("cache"))
    built = mlc("build", "pipeline.py", "--gpu", "off", cwd=project, engine=engine, MLC_CACHE_DIR=cache)
    assert built.returncode == 0, built.stdout + built.stderr
    (folder,) = (project / "out").iterdir()
    bundle = Bundle(folder=folder, engine=engine, project="mlc-test-fashion-mnist")
    yield bundle
    bundle.down()


@pytest.fixture(scope="module")
def first_run(example: Bundle) -> str:
    """What the first ``docker compose up`` printed, with one epoch fewer than is the default."""
    done = example.up(INPUT_EPOCHS="4")
    assert done.returncode == 0, done.stdout
    return done.stdout


def accuracy(bundle: Bundle, folder: Path) -> tuple[int, float]:
    """How many images were scored and the share of right answers, counted from the rows that score.py wrote."""
    with (bundle.copy("score_node", "output_result", folder) / "predict_result.csv").open() as file:
        rows = list(csv.DictReader(file))
    return len(rows), sum(row["label"] == row["predicted"] for row in rows) / len(rows)


def test_environments_and_images_are_the_same_in_number(example):
    plan = json.loads((example.folder / "plan.json").read_text())
    references = {image["reference"] for image in plan["images"]}
    assert len(plan["tasks"]) == 3
    assert len(references) == len(plan["images"]) == 2, "train and score have the same packages"
    for reference in references:
        assert example.engine.docker("image", "inspect", reference, check=False).returncode == 0


def test_nothing_is_built_twice(example, tmp_path):
    start = time.monotonic()
    again = mlc("build", "pipeline.py", "--gpu", "off", cwd=example.folder.parents[1], engine=example.engine)
    assert again.returncode == 0, again.stdout + again.stderr
    assert time.monotonic() - start < 10
    assert "built" not in again.stdout


def test_a_model_is_trained_and_scored(example, first_run, tmp_path):
    assert steps_run(first_run) == STEPS
    assert sorted(path.name for path in example.copy("train_node", "output_model", tmp_path / "model").iterdir()) == [
        "model.keras"
    ]
    scored, share = accuracy(example, tmp_path / "result")
    assert scored == 1000
    assert share > 0.65
    assert f"Test accuracy: {share:.3f}" in first_run
    assert first_run.count("val_loss") == 4


def test_a_second_up_runs_nothing(example, first_run):
    start = time.monotonic()
    again = example.up(INPUT_EPOCHS="4")
    assert again.returncode == 0, again.stdout
    assert steps_run(again.stdout) == []
    assert steps_skipped(again.stdout) == set(STEPS)
    assert time.monotonic() - start < 20


def test_an_input_can_be_changed_when_starting(example, first_run):
    changed = example.up(INPUT_EPOCHS="1")
    assert changed.returncode == 0, changed.stdout
    assert steps_run(changed.stdout) == ["train_node", "score_node"]
    assert changed.stdout.count("val_loss") == 1, "a line for each epoch"


def test_all_70_000_images_train_a_model_that_is_right_three_times_of_four(example, tmp_path):
    done = example.up(INPUT_PIPELINE_INPUT_DATA=str(WHOLE), INPUT_EPOCHS="1")
    assert done.returncode == 0, done.stdout
    assert "mnist_train.csv: 60000 images" in done.stdout
    scored, share = accuracy(example, tmp_path)
    assert scored == 10_000
    assert share >= 0.75


def test_a_break_in_each_step_gives_status_1(example, first_run, tmp_path):
    broken = tmp_path / "data"
    shutil.copytree(ROOT / "components" / "fashion_mnist" / "data", broken)
    (broken / "t10k-labels-idx1-ubyte.gz").unlink()
    done = example.up(INPUT_PIPELINE_INPUT_DATA=str(broken))
    assert done.returncode == 1, done.stdout
    assert "has neither t10k-labels-idx1-ubyte nor" in done.stdout
    assert steps_run(done.stdout) == ["prepare_data_node"]

    done = example.up(INPUT_EPOCHS="many")
    assert done.returncode == 1, done.stdout
    assert "score_node" not in steps_run(done.stdout)
