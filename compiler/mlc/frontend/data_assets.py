"""YAML files of data assets and models: what they are called, and where what they stand for is."""

from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Mapping, describe
from mlc.frontend.yaml.ports import TYPES
from mlc.frontend.yaml.scope import is_remote, local_path
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.asset import Location
from mlc.ir.types import PortType


def load_data_asset(path: Path, bag: Bag, span: Span | None = None) -> Location | None:
    """Where the data of the YAML file ``path`` is. None: the bag says why."""
    node = load_yaml(path, bag, span)
    if node is None:
        return None
    if not isinstance(node, Mapping):
        bag.add("E104", node.span, f"A data asset must be a mapping, not {describe(node)}", fix="Write 'path:'")
        return None
    fields = Fields(node, f"the data asset {path.name!r}", bag)
    where = fields.required("path")
    if where is None:
        return None
    word = fields.text("type")
    local = None if is_remote(where.text) else str(local_path(where.text, path.parent))
    type_ = PortType(word) if word in TYPES else None
    return Location(uri=where.text, local=local, type=type_, origin=path.name)
