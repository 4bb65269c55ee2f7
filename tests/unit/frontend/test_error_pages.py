"""The pages of the codes E1xx and W1xx: each example gives exactly the message that its page shows."""

import re
import subprocess
from pathlib import Path

import pytest

from mlc.codes import CODES
from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load

PAGES = Path(__file__).parents[3] / "docs" / "errors"
OURS = sorted(code for code in CODES if code[1:].startswith("1"))


@pytest.mark.parametrize("code", OURS)
def test_the_example_gives_the_message(code, tmp_path):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CODES[code].title}\n")
    before, shown = page.split("```text\n")[0], page.split("```text\n")[1].split("```")[0]
    for language, text in re.findall(r"```(\w+)\n(.*?)```", before, re.DOTALL):
        if language == "sh":
            subprocess.run(["sh", "-e", "-c", text], cwd=tmp_path, check=True)
        else:
            (tmp_path / text.splitlines()[0].removeprefix("# ")).write_text(text, encoding="utf-8")
    sources = ("pipeline.yml", "train.yml", "environment.yml", "project")
    bag = Bag()
    load(next(tmp_path / name for name in sources if (tmp_path / name).exists()), Request(), bag)
    assert render([item for item in bag.sorted() if item.code == code][:1], {}, tmp_path) == shown
