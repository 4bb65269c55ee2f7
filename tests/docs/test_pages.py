"""The pages hang together: links lead somewhere, every code has its page, the configuration page is right."""

import re
import tomllib
from pathlib import Path

import pytest

from mlc.codes import CODES
from mlc.config import Compute, Config, Network, load
from mlc.diagnostics import Bag

ROOT = Path(__file__).parents[2]
ERRORS = ROOT / "docs" / "errors"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page):
    text = page.read_text(encoding="utf-8")
    missing = [target for target, _ in _LINK.findall(text) if not (page.parent / target).exists()]
    assert missing == []


def test_every_code_has_a_page_and_every_page_a_code():
    assert sorted(page.stem for page in ERRORS.glob("*.md")) == sorted(CODES)


def test_every_code_is_given_somewhere():
    modules = [path for path in (ROOT / "compiler" / "mlc").rglob("*.py") if path.name != "codes.py"]
    said = set(re.findall(r"""["']([EW]\d{3})["']""", "\n".join(path.read_text("utf-8") for path in modules)))
    assert sorted(set(CODES) - said) == []


@pytest.mark.parametrize("page", sorted(ERRORS.glob("*.md")), ids=lambda page: page.stem)
def test_an_error_page_has_its_title_an_example_and_a_message(page):
    text = page.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    assert first == f"# {page.stem}: {CODES[page.stem].title}"
    assert f"[{page.stem}]:" in text, "the message that it gives is shown"
    assert 10 <= len(text.splitlines()) <= 60


def _toml_block() -> str:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    return text.split("```toml\n", 1)[1].split("```", 1)[0]


def test_the_configuration_page_shows_every_setting_and_its_default(tmp_path):
    (tmp_path / "mlc.toml").write_text(_toml_block(), encoding="utf-8")
    bag = Bag()
    config = load(tmp_path, bag)
    assert bag.items == []
    shown = set(tomllib.loads(_toml_block()))
    without_default = {"catalog", "registry", "cache"}
    assert shown == set(Config.__slots__) - {"file"} - without_default
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in without_default)
    for name in shown - {"computes", "environments", "map", "datastores", "network"}:
        assert getattr(config, name) == getattr(Config(), name)


def test_the_configuration_page_names_every_setting_of_the_network():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in set(Network.__slots__) - {"literals", "places"}:
        assert f"`{name}`" in text


def test_the_configuration_page_names_every_setting_of_a_compute():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in Compute.__slots__:
        assert f"| `{name}` |" in text


def test_the_page_on_azure_ml_is_complete():
    from mlc.ir.types import Mode, PortType
    from mlc.sdk.azure import MODULES

    text = (ROOT / "docs" / "azureml.md").read_text(encoding="utf-8")
    words = [*PortType, *Mode, *(name for name in MODULES if "._" not in name and not name.endswith((".aio", ".dsl")))]
    refused = [code for code in CODES if code.startswith(("E5", "W5"))]
    missing = [word for word in words if f"`{word}`" not in text and not word.startswith("azure.core.")]
    assert missing + [code for code in refused if f"errors/{code}.md" not in text] == []
