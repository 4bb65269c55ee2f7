"""Which files of a checkout hold a pipeline: YAML by its kind, scripts and notebooks by the decorator."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

_YAML = re.compile(
    r"^type\s*:\s*[\"']?pipeline(?:_component)?\b|^\$schema\s*:.*/pipeline(?:Job|Component)\.schema", re.MULTILINE
)
_DEPLOYMENT = re.compile(r"^\$schema\s*:.*Deployment\.schema", re.MULTILINE)
"""Deployments have the type of what they deploy."""
_DECORATOR = re.compile(r"^\s*@(?:\w+\.)*pipeline\b|\bdsl\.pipeline\(", re.MULTILINE)


def sources(checkout: Path) -> list[Path]:
    """The sources below ``checkout``, relative to it, in the order of their names."""
    return sorted(path.relative_to(checkout) for path in _candidates(checkout))


def _candidates(checkout: Path) -> Iterator[Path]:
    for path in checkout.rglob("*"):
        if path.suffix in (".yml", ".yaml", ".py", ".ipynb") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if _has_pipeline(text, path.suffix):
                yield path


def _has_pipeline(text: str, suffix: str) -> bool:
    match suffix:
        case ".py":
            return bool(_DECORATOR.search(text))
        case ".ipynb":
            return bool(_DECORATOR.search(_code(text)))
        case _:
            return bool(_YAML.search(text)) and not _DEPLOYMENT.search(text)


def _code(notebook: str) -> str:
    """The code cells of a notebook as one text; the file's own text if it is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (ValueError, LookupError, TypeError):
        return notebook
