"""The pages on errors of graph, values and environments show what mlc says today: their examples are compiled."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.ir import context

from mlc import frontend
from mlc.config import Config, Installer
from mlc.diagnostics import Bag, render
from mlc.driver import Options, names_for
from mlc.passes import PIPELINE_PASSES

ERRORS = Path(__file__).parents[2] / "docs" / "errors"
_BLOCK = re.compile(r"```(?:yaml|dockerfile)\n# (\S+)\n(.*?)```", re.DOTALL)
_MESSAGE = re.compile(r"```text\n(.*?)```", re.DOTALL)
PAGES = [
    page
    for page in sorted(ERRORS.glob("[EW][345]*.md"))
    if "# pipeline.yml\n" in page.read_text(encoding="utf-8") and page.stem not in {"E312", "E501", "E506"}
]
"""The three left out are described in words or need a hundred files."""
BY_UV = {"E404", "E405", "W401", "W402"}
PLANNED = {"W509", "W510"}
"""What ``mlc build`` refuses with an error of its own."""
TRAIN = """\
name: train
command: python train.py --data ${{inputs.data}} --epochs ${{inputs.epochs}} --out ${{outputs.model}}
environment: {image: "python:3.11"}
inputs:
  data: {type: uri_folder, optional: false}
  epochs: {type: integer, default: 3, min: 1, max: 100}
outputs:
  model: {type: uri_folder}
"""
"""What the pages say of a ``train.yml`` that they do not show."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_message_is_the_one_that_is_given(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.py").write_text("")
    (tmp_path / "table.csv").write_text("1\n")
    (tmp_path / "train.yml").write_text(TRAIN)
    text = page.read_text(encoding="utf-8")
    for name, content in _BLOCK.findall(text.split("## Why")[0]):
        (tmp_path / name).write_text(f"# {name}\n{content}", encoding="utf-8")
    shown = _MESSAGE.search(text)
    assert shown
    installer = Installer.UV if page.stem in BY_UV else Installer.AUTO
    config = Config(installer=installer)
    assert shown[1] in said(tmp_path / "pipeline.yml", config, for_bundle=page.stem not in PLANNED)


def said(source: Path, config: Config, *, for_bundle: bool) -> list[str]:
    """Every message about ``source``, as it is printed."""
    bag = Bag()
    names = names_for(source.parent, Options(cwd=source.parent, config=config), bag)
    pipeline = frontend.load(source, frontend.Request(names=names), bag)
    around = context(bag, config=config, source=source, bundle=source.parent / "out" / "pipeline", names=names)
    around = replace(around, for_bundle=for_bundle)
    for check in PIPELINE_PASSES if pipeline is not None else ():
        pipeline = check(pipeline, around)  # type: ignore[arg-type]
    names.report()
    return [render([item], bag.sources, source.parent) for item in bag.sorted()]
