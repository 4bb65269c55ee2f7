"""Sweeps and parallel steps: the reference SDK and mlc read the same settings out of the same sources."""

import json
import subprocess
from pathlib import Path
from typing import Any, assert_never

import pytest
from tests.conformance.conftest import PYTHON

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.ir.pipeline import CommandNode, Node
from mlc.ir.sweep import (
    Bandit,
    Choice,
    EarlyTermination,
    MedianStopping,
    Normal,
    Option,
    Randint,
    Space,
    Sweep,
    TruncationSelection,
    Uniform,
)

MANY = Path(__file__).parent / "many"
SOURCES = [MANY / "sweeps.py", MANY / "parallel.py", MANY / "pipeline.yml"]
_UNITS = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}
_SETTINGS = ("max_concurrency_per_instance", "error_threshold", "mini_batch_error_threshold", "logging_level")

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def theirs(reference):
    """What the reference makes of each source, by its name."""
    assert reference
    script = Path(__file__).parent / "dump_many.py"
    command = [str(PYTHON), str(script), *map(str, SOURCES)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {source.name: json.loads(line) for source, line in zip(SOURCES, lines, strict=True)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_same_settings(source, theirs):
    bag = Bag()
    pipeline = load(source, Request(), bag)
    assert pipeline is not None, bag.items
    assert not bag.has_errors, bag.items
    mine, expected = {node.name: ours(node) for node in pipeline.nodes}, theirs[source.name]
    for name, node in expected.items():
        if node.get("trial") == "azureml_anonymous":  # in YAML the reference forgets what components are called
            node["trial"] = mine[name]["trial"]
        node["settings"] = {key: number(value) for key, value in node.get("settings", {}).items()}
        mine[name].setdefault("settings", {})
    assert mine == expected


def ours(node: Node) -> dict[str, Any]:
    """A node in the form of ``dump_many.py``."""
    assert isinstance(node, CommandNode)
    inputs = sorted(binding.name for binding in node.inputs)
    if node.sweep is not None:
        return {"type": "sweep", "trial": node.component.name, "inputs": inputs} | sweep(node.sweep)
    parallel = node.component.parallel
    assert parallel is not None
    size = parallel.mini_batch_size
    said = {key: getattr(parallel, key) for key in _SETTINGS} | {
        "mini_batch_size": None if size is None else str(_bytes(size)),
        "input_data": f"${{{{inputs.{parallel.input_data}}}}}",
        "partition_keys": list(parallel.partition_keys),
    }
    retries = {"timeout": parallel.timeout, "max_retries": parallel.max_retries}
    rows = f"${{{{outputs.{parallel.append_row_to}}}}}" if parallel.append_row_to else None
    arguments = "".join(getattr(part, "text", "") or f"${{{{inputs.{part.name}}}}}" for part in node.component.command)  # type: ignore[union-attr]
    return {
        "type": "parallel",
        "inputs": inputs,
        "settings": {key: number(value) for key, value in said.items() if value not in (None, [])},
        "retries": {key: number(value) for key, value in retries.items() if value is not None},
        "task": {"entry_script": parallel.entry_script, "append_row_to": rows, "program_arguments": arguments},
        "instances": node.resources.instance_count or node.component.resources.instance_count or 1,
    }


def sweep(found: Sweep) -> dict[str, Any]:
    """Search space and settings."""
    assert found.objective is not None
    limits, sampling = found.limits, found.sampling
    said = {
        "max_total_trials": limits.trials,
        "max_concurrent_trials": limits.concurrent,
        "timeout": limits.timeout,
        "trial_timeout": limits.trial_timeout,
    }
    ways = {"type": str(sampling.algorithm), "rule": sampling.rule, "seed": sampling.seed, "logbase": sampling.logbase}
    return {
        "search_space": {item.name: space(item.space) for item in found.parameters},
        "objective": [str(found.objective.goal), found.objective.metric],
        "sampling": {key: number(value) for key, value in ways.items() if value is not None},
        "early_termination": policy(found.early_termination),
        "limits": {"type": "sweep"} | {key: number(value) for key, value in said.items() if value is not None},
    }


def space(found: Space | Option) -> list[Any]:
    """Its kind and its numbers."""
    match found:
        case Choice():
            return ["choice", [number(value.text) for value in found.values if isinstance(value, Option)]]
        case Uniform():
            return kind("uniform", found, [found.low, found.high])
        case Normal():
            return kind("normal", found, [found.mean, found.deviation])
        case Randint():
            return ["randint", [number(found.upper)]]
        case Option():
            raise AssertionError(found)
        case _:
            assert_never(found)


def kind(name: str, found: Uniform | Normal, numbers: list[str]) -> list[Any]:
    """``qloguniform`` and the like."""
    full = f"{'q' if found.step else ''}{'log' if found.log else ''}{name}"
    return [full, [number(text) for text in [*numbers, *([found.step] if found.step else [])]]]


def policy(found: EarlyTermination | None) -> dict[str, str]:
    """Its type and what it says that is not 0."""
    names = {Bandit: "bandit", MedianStopping: "median_stopping", TruncationSelection: "truncation_selection"}
    if found is None:
        return {}
    keys = ("slack_factor", "slack_amount", "evaluation_interval", "delay_evaluation")
    said = {key: getattr(found, key, None) for key in keys}
    said["truncation_percentage"] = getattr(found, "percentage", None)
    return {"type": names[type(found)]} | {key: number(value) for key, value in said.items() if value}


def number(value: Any) -> Any:
    """A number as the other side writes it; other texts as they are."""
    try:
        return str(float(value))
    except (TypeError, ValueError):
        return value


def _bytes(size: str) -> int:
    return int(size) if size.isdecimal() else int(size[:-2]) * _UNITS[size[-2:].lower()]
