"""Scripts that give every kind of nonsense to every part of the language: messages, never a traceback."""

import re
from pathlib import Path

import pytest
from tests.support.scripts import PARTS

from mlc.diagnostics import Bag, render
from mlc.driver import Options, check

HEAD = """
from azure.ai.ml import Input, MLClient, Output, command, load_component, load_environment, load_job
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import BuildContext, Data, Environment, Model
from mldesigner import command_component
from parts import a


class Odd:
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__


ODD = [
    3, None, "", "x\\0y", "\\ud800", [1], {"a": 1}, {1: 2}, object(), Odd(), lambda: 1, int, float("nan"), float("inf"),
    10**500, b"x", {1, 2}, (1,), True, "${{parent.inputs.}}", "${{", "a" * 5000, Ellipsis, range(3), Exception("e"),
]
"""
ODDS = 25
_BLOCKS = re.split(r"(?m)^\[use (.+)\]$", (Path(__file__).parent / "nonsense.txt").read_text(encoding="utf-8"))
USES = dict(zip(_BLOCKS[1::2], _BLOCKS[2::2], strict=True))
"""What is done with ``V``, which is one of the odd things."""


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_nonsense_gives_messages(tmp_path, use):
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    source = tmp_path / "job.py"
    for number in range(ODDS):
        source.write_text(f"{HEAD}V = ODD[{number}]\n{use}", encoding="utf-8")
        bag = Bag()
        check(source, Options(cwd=tmp_path), bag)
        assert "Traceback" not in render(bag.sorted(), bag.sources, Path(tmp_path))
