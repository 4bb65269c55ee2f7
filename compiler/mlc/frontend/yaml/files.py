"""YAML files, each parsed once per run; PyYAML is loaded with the first one."""

from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import read_text
from mlc.frontend.yaml.located import Located
from mlc.frontend.yaml.places import keep


def load_yaml(path: Path, bag: Bag, span: Span | None = None) -> Located | None:
    """Parse the file ``path`` (absolute), once per run. ``span``: the place that names it. None: the bag says why."""
    key = ("yaml", str(path))
    if key not in bag.memo:
        from mlc.frontend.yaml.compose import compose

        text = read_text(path, bag, span or Span(str(path)))
        if text is not None:
            keep(str(path), text, bag)
        bag.memo[key] = None if text is None else compose(text, str(path), bag)
    found: Located | None = bag.memo[key]
    return found
