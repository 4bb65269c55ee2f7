"""The pages on scripts and notebooks show what mlc says today: their examples are loaded."""

import json
import re
from pathlib import Path

import pytest

from mlc import frontend
from mlc.diagnostics import Bag, render

ERRORS = Path(__file__).parents[2] / "docs" / "errors"
PAGES = ("E201", "E204", "E205", "E206", "E227", "W205", "W208", "W209")
TRAIN = "name: train\ncommand: echo ${{inputs.data}}\nenvironment: {image: i}\ninputs: {data: {type: uri_folder}}\n"
_BLOCK = re.compile(r"```python\n# (\S+)\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_message_is_the_one_that_is_given(page, tmp_path, monkeypatch):
    monkeypatch.setattr("mlc.frontend.python.afterwards.PATIENCE", 0.05)
    monkeypatch.delenv("RESOURCE_GROUP", raising=False)
    (tmp_path / "train.yml").write_text(TRAIN, encoding="utf-8")
    found = _BLOCK.search((ERRORS / f"{page}.md").read_text(encoding="utf-8"))
    assert found is not None
    name, text, shown = found.groups()
    source = tmp_path / name
    if source.suffix == ".ipynb":
        cells = [{"cell_type": "code", "source": f"# {name}\n{text}"}]
        source.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    else:
        source.write_text(f"# {name}\n{text}", encoding="utf-8")
    bag = Bag()
    frontend.load(source, frontend.Request(), bag)
    said = [render([item], bag.sources, tmp_path) for item in bag.sorted()]
    assert _plain(shown) in [_plain(message) for message in said]


def _plain(message: str) -> str:
    """Why the network is not reached differs from machine to machine."""
    return re.sub(r"<urlopen error .*?>", "<urlopen error>", message)
