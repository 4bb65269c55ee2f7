"""Plans of bundles: one that holds what cannot be run is refused by its step's name."""

from dataclasses import replace

import pytest
from tests.unit.backends.plans import FASHION

from mlc.cli import bundles
from mlc.diagnostics import MlcError
from mlc.ir import dump
from mlc.ir.parallel import Parallel
from mlc.ir.plan import Spread
from mlc.ir.sweep import Sweep


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sweep": Sweep(parameters=(), objective=None)}, "E507 Step 'train' stands for many runs (sweep)."),
        ({"parallel": Parallel(entry_script="a.py", input_data="x")}, "E508 Step 'train' stands for many runs (mini-b"),
        ({"spread": Spread(instances=2)}, "E510 Step 'train' stands for many runs (2 instances)."),
    ],
)
def test_a_step_of_many_runs(tmp_path, more, said):
    tasks = tuple(replace(task, **more) if task.name == "train" else task for task in FASHION.tasks)
    (tmp_path / "plan.json").write_text(dump.to_json(replace(FASHION, tasks=tasks)))
    with pytest.raises(MlcError) as stop:
        bundles.check_runnable(bundles.read_plan(tmp_path), tmp_path)
    assert f"{stop.value.diagnostic.code} {stop.value.diagnostic.text}".startswith(said)


def test_a_plan_that_can_be_run(tmp_path):
    bundles.check_runnable(FASHION, tmp_path)
