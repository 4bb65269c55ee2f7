"""``mlc components``: those of the local catalog."""

from mlc.cli.catalog import group
from mlc.ir.asset import AssetKind

command = group(AssetKind.COMPONENT)
