"""What a project configures in ``mlc.toml`` or under ``[tool.mlc]`` of its pyproject.toml (docs/configuration.md)."""

from pathlib import Path

from mlc.config.model import Compute, Config, Installer
from mlc.config.network import Network
from mlc.diagnostics import Bag

__all__ = ["Compute", "Config", "Installer", "Network", "load"]


def load(start: Path, bag: Bag) -> Config:
    """The settings for a source in the folder ``start``.

    Looked for from there upwards; the first file that has settings counts, a folder with ``.git`` is the last one
    looked into. Mistakes go to the bag, at the line of the setting; what is right beside them still counts.
    """
    from mlc.config import toml

    found = toml.find(start, bag)
    if found is None:
        return Config()
    from mlc.config import settings

    return settings.read(found, bag)
