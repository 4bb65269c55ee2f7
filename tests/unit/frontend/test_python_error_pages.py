"""The pages of the codes E2xx and W2xx: each example gives exactly the message that its page shows."""

import re
from pathlib import Path

import pytest

from mlc.codes import CODES
from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load

PAGES = Path(__file__).parents[3] / "docs" / "errors"
OURS = sorted(code for code in CODES if code[1:].startswith("2") and code not in {"E203", "W208"})
"""The two left out show notebooks, one of which needs the network."""
TRAIN = """
name: train
command: python train.py ${{inputs.data}} ${{inputs.rate}} ${{outputs.model}}
environment: azureml:env:1
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1}
outputs:
  model: {type: uri_folder}
"""
"""What the pages say of a ``train.yml`` that they do not show."""


@pytest.mark.parametrize("code", OURS)
def test_the_example_gives_the_message(code, tmp_path):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CODES[code].title}\n")
    before, shown = page.split("```text\n")[0], page.split("```text\n")[1].split("```")[0]
    more = "  report: {type: uri_file}\n" if code == "E211" else ""
    (tmp_path / "train.yml").write_text(f"{TRAIN}{more}", encoding="utf-8")
    (tmp_path / "data").mkdir()
    for text in re.findall(r"```\w+\n(.*?)```", before, re.DOTALL):
        (tmp_path / text.splitlines()[0].removeprefix("# ")).write_text(text, encoding="utf-8")
    source = tmp_path / shown.partition(":")[0]
    bag = Bag()
    load(source, Request(), bag)
    said = [item for item in bag.sorted() if item.code == code]
    assert render(said[: max(1, shown.count(f"[{code}]"))], bag.sources, tmp_path) == shown
